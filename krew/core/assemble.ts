import fs from "node:fs";
import path from "node:path";
import { inject } from "postject";
import { withoutSymbols } from "../binary/elf-strip.ts";
import { SENTINEL_FUSE } from "../binary/fuse.ts";
import { addonProblems } from "../binary/macho.ts";
import { readMacho } from "../binary/macho-file.ts";
import { withChecksum, withoutAuthenticode } from "../binary/pe.ts";
import { withSystemImports } from "../binary/pe-load-flags.ts";
import type { Platform } from "../platforms.ts";
import { ReleaseError } from "../run.ts";
import type { SignForMacos } from "../sign-macos.ts";
import { makeBlob } from "./build-core.ts";

export interface Assembly {
  readonly platform: Platform;
  /** The folder that `layOutCore` filled. */
  readonly work: string;
  /** The target's Node, as published. */
  readonly node: Buffer;
  /** By the names under which the core loads them. */
  readonly addons: Readonly<Record<string, Buffer>>;
  /** Folder of the target's code caches below `work`; undefined if there are none. */
  readonly caches: string | undefined;
  readonly sign: SignForMacos;
}

/**
 * The core of one target. No other order works: symbols and signatures are removed before the blob is injected, and signing and
 * checksums come after it (krew/PACKAGING.md, "Single executable"). Takes about 1 GB of memory.
 */
export async function assembleCore(assembly: Assembly): Promise<Buffer> {
  const { platform, work, node, addons, caches, sign } = assembly;
  const { os } = platform;
  for (const [name, bytes] of Object.entries(addons)) fs.writeFileSync(path.join(work, name), bytes);
  const names = Object.keys(addons);
  if (os === "darwin") for (const name of names) await signIfUnsigned(path.join(work, name), assembly);
  const blob = await makeBlob({
    work,
    node: process.execPath,
    isWindows: os === "windows",
    addons: Object.fromEntries(names.map((name) => [name, name])),
    caches,
  });
  const file = path.join(work, "core");
  fs.writeFileSync(file, bare(node, os), { mode: 0o700 });
  try {
    await quietly(() =>
      inject(file, "NODE_SEA_BLOB", blob, {
        sentinelFuse: SENTINEL_FUSE,
        ...(os === "darwin" ? { machoSegmentName: "NODE_SEA" } : {}),
      }),
    );
    if (os === "darwin") await sign(file);
    const made = fs.readFileSync(file);
    return os === "windows" ? withChecksum(withSystemImports(made)) : made;
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** Apple Silicon loads no code without a signature, and node-hid for Intel has none. */
async function signIfUnsigned(file: string, { platform, sign }: Assembly): Promise<void> {
  if (readMacho(fs.readFileSync(file)).signatures.length === 0) await sign(file);
  const problems = addonProblems(fs.readFileSync(file), platform.arch);
  if (problems.length > 0) throw new ReleaseError(`${path.basename(file)} ${problems.join(", ")}`);
}

function bare(node: Buffer, os: Platform["os"]): Buffer {
  if (os === "linux") return withoutSymbols(node);
  return os === "windows" ? withoutAuthenticode(node) : node;
}

/**
 * LIEF warns on standard error about each section whose name it does not know, which is harmless (krew/PACKAGING.md, "Single
 * executable").
 */
async function quietly(work: () => Promise<void>): Promise<void> {
  const { warn, error } = console;
  console.warn = console.error = () => undefined;
  try {
    await work();
  } finally {
    Object.assign(console, { warn, error });
  }
}
