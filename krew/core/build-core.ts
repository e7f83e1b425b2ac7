/** Makes the core of each target: its Node with our chunks, code caches and addons inside, as one executable. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { SHIPPED } from "../bundle.ts";
import { run } from "../run.ts";
import type { CoreBundle } from "./bundle-core.ts";

/** Folder of the chunks, below the working folder. */
const CHUNKS = "chunks";

/** Commands that compile the code people wait for; none of it needs a network or a session. */
const ORDINARY_COMMANDS = [
  ["--help"],
  ["setup", "eks", "--help"],
  ["version"],
  ["explain", "E3"],
  ["status"],
  ["status", "-o", "json"],
  ["config", "view", "--show-origin"],
  [
    "credential",
    "eks",
    "--cluster-name",
    "c",
    "--region",
    "eu-west-1",
    "--role",
    "arn:aws:iam::111122223333:role/R",
  ],
  ["setup", "aws", "--role", "arn:aws:iam::111122223333:role/R", "--dry-run"],
  ["doctor", "--offline"],
  ["frobnicate"],
];

/** V8 flags that make the caches reproducible: one seed, and enough memory for no garbage collection (MB). */
const SAME_EVERY_TIME = [
  "--random-seed=1",
  "--initial-heap-size=1024",
  "--min-semi-space-size=128",
  "--max-semi-space-size=128",
];

/** Lays out the chunks and the core's first code in an empty folder, the same for every target. */
export async function layOutCore({ chunks }: CoreBundle, work: string): Promise<void> {
  const folder = path.join(work, CHUNKS);
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, text] of chunks) fs.writeFileSync(path.join(folder, name), text);
  fs.writeFileSync(path.join(work, "commands.json"), JSON.stringify(ORDINARY_COMMANDS));
  await build({
    ...SHIPPED,
    entryPoints: ["main", "make-caches"].map((name) => path.join(import.meta.dirname, `${name}.ts`)),
    outdir: work,
    outExtension: { ".js": ".cjs" },
    format: "cjs",
    charset: "ascii",
  });
}

/**
 * What V8 compiles of the chunks when ordinary commands run, one file for each chunk in the folder `caches`. `node` starts the
 * target's own Node here, in an emulator if need be: no other accepts the caches.
 */
export async function makeCaches(
  { program }: CoreBundle,
  {
    work,
    node,
    caches,
  }: { readonly work: string; readonly node: readonly string[]; readonly caches: string },
): Promise<void> {
  const [command = "", ...words] = node;
  // A short path, wherever the work is: the masking of secrets examines long paths more closely, and V8 counts each function that
  // runs.
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "home-"));
  fs.mkdirSync(path.join(work, caches));
  try {
    // Settings and files of this machine are not read.
    const args = [...SAME_EVERY_TIME, "make-caches.cjs", CHUNKS, caches, program];
    await run(command, [...words, ...args], {
      cwd: work,
      env: { HOME: home, PATH: "/nowhere", TERM: "dumb" },
    });
  } finally {
    fs.rmSync(home, { recursive: true });
  }
}

/** One target's parts, by the names under which the core loads them: files below `work`. */
interface BlobOptions {
  readonly work: string;
  /** Starts the Node of this machine, which must have the same version as the one that gets the blob. */
  readonly node: string;
  readonly isWindows: boolean;
  readonly addons: Readonly<Record<string, string>>;
  /** Folder of {@link makeCaches}; undefined if no cache can be made. */
  readonly caches: string | undefined;
}

/** The blob that is injected into the target's Node. */
export async function makeBlob({ work, node, isWindows, addons, caches }: BlobOptions): Promise<Buffer> {
  const filesOf = (folder: string) => fs.readdirSync(path.join(work, folder)).sort();
  const assets = {
    ...Object.fromEntries(filesOf(CHUNKS).map((name) => [name, path.join(CHUNKS, name)])),
    ...(caches && Object.fromEntries(filesOf(caches).map((name) => [name, path.join(caches, name)]))),
    ...addons,
  };
  const config = {
    main: "main.cjs",
    output: "core.blob",
    disableExperimentalSEAWarning: true,
    useCodeCache: false,
    useSnapshot: false,
    execArgvExtension: "none",
    execArgv: [`--openssl-config=${isWindows ? "NUL" : "/dev/null"}`, "--disable-sigusr1"],
    assets,
  };
  fs.writeFileSync(path.join(work, "core.json"), JSON.stringify(config));
  await run(node, ["--random-seed=1", "--experimental-sea-config", "core.json"], { cwd: work });
  return fs.readFileSync(path.join(work, config.output));
}
