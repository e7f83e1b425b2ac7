import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import type { CommandResult } from "../support/run-command.ts";

/** How often memory is looked at, in milliseconds. The kernel keeps the peak, so only a last leap can be missed. */
const PERIOD_MS = 20;

/** Whoever takes more memory than this, in MiB, is ended before the machine suffers. */
const MOST_MEBIBYTES = 1500;

/** Ticks of the clock of /proc, in milliseconds. Source: proc(5), sysconf(_SC_CLK_TCK) on Linux. */
const TICK_MS = 10;

/** Whoever has not ended by then hangs, in milliseconds: more than any command needs whose servers say nothing. */
const LIMIT_MS = 240_000;

/** Of each stream so many bytes are kept. */
const KEPT_BYTES = 1024 * 1024;

export interface RunOptions {
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
  /** User and group to run as, by number. */
  readonly userId?: number;
  /** Ends it, in milliseconds: it hangs. Four minutes when absent. */
  readonly timeoutMs?: number;
  /** Ends it after so much processor time, in milliseconds. */
  readonly maxCpuMs?: number;
}

/** How a program ended, and what it took. */
export interface WatchedResult extends CommandResult {
  /** The command line, short. */
  readonly name: string;
  /** It was ended by us, because it took too long. */
  readonly hung: boolean;
  readonly signal: string | null;
  /** Wall time, in milliseconds. */
  readonly ms: number;
  /** Processor time, in milliseconds. */
  readonly cpuMs: number;
  /** Peak of the resident memory, in MiB: the largest of the program and what it started. */
  readonly mebibytes: number;
}

/** A program that runs. */
export interface WatchedRun {
  kill(): void;
  readonly ended: Promise<WatchedResult>;
}

/** Starts a program and watches its memory. Only Linux tells the memory. */
export function watchRun(command: readonly string[], options: RunOptions): WatchedRun {
  const { env, stdin = "", cwd, userId, timeoutMs = LIMIT_MS, maxCpuMs = LIMIT_MS } = options;
  const [program = "", ...args] = command;
  const start = performance.now();
  const child = spawn(program, args, {
    env: { ...env },
    ...(cwd === undefined ? {} : { cwd }),
    ...(userId === undefined ? {} : { uid: userId, gid: userId }),
    stdio: "pipe",
  });
  let hung = false;
  let peak = 0;
  let cpuMs = 0;
  const end = () => {
    hung = true;
    for (const id of [...descendants(child.pid ?? 0), child.pid ?? 0]) killQuietly(id);
  };
  const look = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid ?? 0));
    cpuMs = Math.max(cpuMs, cpuMsOf(child.pid ?? 0));
    if (peak > MOST_MEBIBYTES || cpuMs > maxCpuMs) end();
  }, PERIOD_MS);
  const timer = setTimeout(end, timeoutMs);
  const stdout = kept(child.stdout);
  const stderr = kept(child.stderr);
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin);
  const ended = endOf(child).then(({ status, signal }) => {
    clearInterval(look);
    clearTimeout(timer);
    return {
      name: shortName(args),
      hung,
      status,
      signal,
      ms: performance.now() - start,
      cpuMs,
      mebibytes: peak,
      stdout: stdout(),
      stderr: stderr(),
    };
  });
  return { kill: () => void child.kill("SIGKILL"), ended };
}

function endOf(child: ChildProcess): Promise<{ status: number; signal: string | null }> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status: status ?? -1, signal }));
  });
}

function kept(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    if (size < KEPT_BYTES) chunks.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString();
}

/** The words behind the program, without paths. */
function shortName(args: readonly string[]): string {
  const words = args.slice(args.findIndex((word) => word.endsWith(".mjs")) + 1);
  return words.filter((word) => !word.includes("/")).join(" ");
}

function peakOf(id: number): number {
  const peaks = [id, ...descendants(id)].map((one) => {
    const [, kibibytes = "0"] = /^VmHWM:\s+(\d+) kB$/m.exec(textOf(`/proc/${one}/status`)) ?? [];
    return Number(kibibytes) / 1024;
  });
  return Math.max(...peaks);
}

/** Of the process, and of those it started and waited for. */
function cpuMsOf(id: number): number {
  const fields = textOf(`/proc/${id}/stat`).split(") ").at(-1)?.split(" ") ?? [];
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * TICK_MS, 0);
}

function descendants(id: number): number[] {
  const children = textOf(`/proc/${id}/task/${id}/children`).split(" ").filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** Empty when the process has gone meanwhile. */
function textOf(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function killQuietly(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
