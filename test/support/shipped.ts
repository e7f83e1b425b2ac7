import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { archiveName } from "../../krew/archive/entry.ts";
import { readArchive } from "../../krew/archive/read.ts";
import { PLATFORMS, type Platform } from "../../krew/platforms.ts";
import type { CommandResult } from "./run-command.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** This machine. */
export const HERE =
  PLATFORMS.find(({ node }) => node === `${process.platform}-${process.arch}`) ??
  assert.fail("this machine is none of the platforms");

/** Our version, as package.json and the archives say. */
export const SHIPPED_VERSION = (
  JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as { version: string }
).version;

/** The files of an archive as somebody has them who unpacked it. */
export interface Shipped {
  readonly folder: string;
  readonly launcher: string;
  readonly core: string;
}

/** The folder with the release. */
export function releaseFolder(): string {
  return path.resolve(
    process.env["KUBECTL_VOUCH_RELEASE"] ?? assert.fail("KUBECTL_VOUCH_RELEASE must name a folder"),
  );
}

/** Unpacks the archive of a platform for all tests of a file, into a folder that is removed after them. */
export function shipped(platform: Platform = HERE): Shipped {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "vouch-shipped-"));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const archive = fs.readFileSync(path.join(releaseFolder(), archiveName(SHIPPED_VERSION, platform)));
  for (const { name, bytes, mode } of readArchive(archive)) {
    fs.writeFileSync(path.join(folder, name), bytes);
    fs.chmodSync(path.join(folder, name), mode);
  }
  return {
    folder,
    launcher: path.join(folder, "kubectl-vouch"),
    core: path.join(folder, "vouch-core"),
  };
}

/** How a program is started by {@link runBytes}. */
export interface BytesOptions {
  /** The whole environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What `program` sees as its own name. */
  readonly argv0?: string;
  readonly timeoutMs?: number;
}

/**
 * Runs a program to its end, and this process is its parent. What it writes is given byte for byte, one in each
 * character. Fails when it takes too long.
 */
export function runBytes(
  [program = "", ...args]: readonly string[],
  { env = {}, cwd, argv0, timeoutMs = 30_000 }: BytesOptions = {},
): CommandResult & { readonly signal: string | null } {
  const { status, signal, stdout, stderr, error } = spawnSync(program, args, {
    env: { ...env },
    ...(cwd === undefined ? {} : { cwd }),
    ...(argv0 === undefined ? {} : { argv0 }),
    encoding: "latin1",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 2 ** 26,
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  if (error !== undefined) throw error;
  return { status: status ?? -1, signal, stdout, stderr };
}

/** Runs a line of the shell; `$0` and `$@` in it are the words. */
export function runShell(line: string, words: readonly string[], options: BytesOptions = {}) {
  return runBytes(["/bin/sh", "-c", line, ...words], options);
}
