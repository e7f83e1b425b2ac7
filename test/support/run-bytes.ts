import { spawnSync } from "node:child_process";
import type { CommandResult } from "./run-command.ts";

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
 * Runs a program to its end, as a child of this process. Its output is returned with one byte in each character. Fails if it
 * takes too long.
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

/** Runs a shell command line; `$0` and `$@` in it are the words. */
export function runShell(line: string, words: readonly string[], options: BytesOptions = {}) {
  return runBytes(["/bin/sh", "-c", line, ...words], options);
}
