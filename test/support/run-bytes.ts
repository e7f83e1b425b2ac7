import { spawnSync } from "node:child_process";
import type { CommandResult } from "./run-command.ts";

/** A program that hangs is ended, in milliseconds. */
const LIMIT_MS = 240_000;

/** How a program is started by {@link runBytes}. */
export interface BytesOptions {
  /** The whole environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What `program` sees as its own name. */
  readonly argv0?: string;
}

/**
 * Runs a program to its end, as a child of this process. Its output is returned with one byte in each character. Fails if it
 * hangs.
 */
export function runBytes(
  [program = "", ...args]: readonly string[],
  { env = {}, cwd, argv0 }: BytesOptions = {},
): CommandResult & { readonly signal: string | null } {
  const { status, signal, stdout, stderr, error } = spawnSync(program, args, {
    env: { ...env },
    ...(cwd === undefined ? {} : { cwd }),
    ...(argv0 === undefined ? {} : { argv0 }),
    encoding: "latin1",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 2 ** 26,
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
  });
  if (error !== undefined) throw error;
  return { status: status ?? -1, signal, stdout, stderr };
}

/** Runs a shell command line; `$0` and `$@` in it are the words. */
export function runShell(line: string, words: readonly string[], options: BytesOptions = {}) {
  return runBytes(["/bin/sh", "-c", line, ...words], options);
}
