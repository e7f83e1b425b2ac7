/**
 * A server's judge and a security key in Rust, built from the package beside this file, whose versions and sums are
 * committed, into the user's cache. Needs Rust 1.91 or newer and a C linker, and for the first build crates.io.
 */
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { fillWhole, peersCache } from "../../peers/peers-cache.ts";

const PROGRAMS = ["judge-webauthn", "soft-key"] as const;

type RustProgram = (typeof PROGRAMS)[number];

const HERE = import.meta.dirname;
const MANIFEST = path.join(HERE, "Cargo.toml");
const run = promisify(execFile);

export function hasCargo(): boolean {
  return cargoVersion() !== undefined;
}

/** Builds the programs unless they are already in the cache. Rejects without cargo, or with cargo's output. */
export async function buildRustPrograms(say: (line: string) => void): Promise<void> {
  if (!hasCargo())
    throw new Error("cargo is not on PATH; the judge and the key are built with it: https://rustup.rs");
  const folder = programFolder();
  if (fs.existsSync(folder)) return;
  say(`Building ${PROGRAMS.join(", ")} into ${folder}`);
  await fillWhole(folder, build);
}

/** The path of a built program. Fails if it is not built: `npm run test:keys` builds both. */
export function rustProgram(name: RustProgram): string {
  const file = path.join(programFolder(), name);
  if (!fs.existsSync(file)) throw new Error(`${name} is not built; \`npm run test:keys\` builds it`);
  return file;
}

async function build(work: string): Promise<void> {
  const target = path.join(work, "target");
  const flags = ["--release", "--locked", "--quiet", "--manifest-path", MANIFEST, "--target-dir", target];
  await run("cargo", ["build", ...flags], { maxBuffer: 2 ** 26 });
  for (const name of PROGRAMS) fs.renameSync(path.join(target, "release", name), path.join(work, name));
  fs.rmSync(target, { recursive: true });
}

/** Its name is a hash of everything that the programs are made of. */
function programFolder(): string {
  const hash = createHash("sha256").update(`${cargoVersion()}\n`);
  for (const name of packageFiles()) hash.update(`${name}\n`).update(fs.readFileSync(path.join(HERE, name)));
  return path.join(peersCache(), `rust-${hash.digest("hex").slice(0, 16)}`);
}

function packageFiles(): string[] {
  const sources = fs.readdirSync(path.join(HERE, "src", "bin")).map((name) => `src/bin/${name}`);
  return ["Cargo.toml", "Cargo.lock", ...sources.sort()];
}

/** Such as `cargo 1.95.0 (f2d3ce0bd 2026-03-21)`; undefined without cargo. */
function cargoVersion(): string | undefined {
  try {
    found ??= execFileSync("cargo", ["--version"], { encoding: "utf8" }).trim();
  } catch {
    found = undefined;
  }
  return found;
}

let found: string | undefined;
