import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import type { ClientWords } from "./client/main.ts";

/** A program that hangs is ended, in milliseconds. */
const LIMIT_MS = 110_000;

/** How a program ended, and all it said. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string;
  /** User and group. */
  readonly uid?: number;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program of the guest to its end. */
export function run(
  command: readonly string[],
  { stdin = "", uid = 0, env = {} }: RunOptions = {},
): Promise<Ran> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    uid,
    gid: uid,
    env: { ...process.env, ...env },
    stdio: "pipe",
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
  });
  // A program may end without reading: how it ended and what it said tell why.
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin);
  return ended(child);
}

async function ended(child: ChildProcess): Promise<Ran> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** What it wrote to standard output; an error with all it said unless it ended well. */
export function outputOf({ status, stdout, stderr }: Ran): string {
  if (status !== 0) throw new Error(`it ended with ${status} and said:\n${stdout}${stderr}`);
  return stdout;
}

/** `kubectl-vouch`, as it ships, with these words. */
export function kubectlVouch(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return run(
    [process.execPath, path.join(import.meta.dirname, "dist", "kubectl-vouch.mjs"), ...words],
    options,
  );
}

/** A login of our client in a process of its own. */
export async function clientOf(options: RunOptions = {}): Promise<ClientWords> {
  const client = path.join(import.meta.dirname, "client.mjs");
  return JSON.parse(outputOf(await run([process.execPath, client], options))) as ClientWords;
}
