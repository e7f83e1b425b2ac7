import { execFile, spawn } from "node:child_process";
import type { RunOptions, RunResult } from "../../doctor/probes/probe-host.ts";
import { debugged } from "../../token/debug.ts";
import type { Env } from "../../token/env.ts";
import { maskArguments } from "../../token/masking/mask-arguments.ts";
import { startable, systemProgram } from "./startable.ts";

/** The most that is kept of a program's output, in bytes. */
const OUTPUT_LIMIT = 1024 * 1024;

interface WorkFolder {
  /** Where it runs; undefined: in ours. */
  readonly folder?: string;
}

/**
 * Runs a program to its end, in a separate session: it has no terminal and no standard input, so that it can ask nobody for
 * a touch, a PIN or a code. On the signal, it is killed with all its children.
 */
export function runProgram(command: readonly string[], options: RunOptions & WorkFolder): Promise<RunResult> {
  const [program = "", ...args] = command;
  return debugged(
    `run ${[program, ...maskArguments(args)].join(" ")}`,
    () => runToEnd(program, args, options),
    ({ exitCode }) => `exit ${exitCode}`,
  );
}

function runToEnd(
  program: string,
  args: readonly string[],
  { env, signal, folder }: RunOptions & WorkFolder,
): Promise<RunResult> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const { file, args: words, options } = startable([program, ...args], env);
    const child = spawn(file, words, {
      ...options,
      // Our own debug lines must not mix with the program's output.
      env: { ...env, VOUCH_DEBUG: undefined },
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      windowsHide: true,
    });
    const stop = () => endGroup(child.pid, env);
    signal.addEventListener("abort", stop, { once: true });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    child.once("error", (error) => {
      signal.removeEventListener("abort", stop);
      reject(error);
    });
    child.once("close", (status, killedBy) => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) return reject(signal.reason as Error);
      const ended = killedBy === null ? "" : `${program} was ended by ${killedBy}\n`;
      resolve({
        exitCode: status ?? -1,
        stdout: stdout(),
        stderr: stderr() + ended,
        seconds: (performance.now() - start) / 1000,
      });
    });
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    if (size < OUTPUT_LIMIT) chunks.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

function endGroup(processId: number | undefined, env: Env): void {
  if (processId === undefined) return;
  try {
    if (process.platform !== "win32") process.kill(-processId, "SIGKILL");
    else
      execFile(systemProgram(env, "taskkill.exe"), ["/t", "/f", "/pid", String(processId)], () => undefined);
  } catch {
    // It has ended by itself.
  }
}
