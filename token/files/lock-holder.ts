import fs from "node:fs";
import os from "node:os";
import { readTextFile } from "./private-file.ts";

/** A process, told from every later one of the same number. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** Start of the system, namespace of the number, and start of the process; absent where the system does not tell. */
  readonly boot?: string;
  readonly namespace?: string;
  readonly start?: string;
}

/** This process. */
export function thisProcess(): LockHolder {
  return holderOf(process.pid);
}

/**
 * Whether the process has ended for certain. False for one on another machine, or in another container: nobody here can
 * tell, and its lock is not ours to take.
 */
export function hasEnded(holder: LockHolder): boolean {
  const now = holderOf(holder.pid);
  if (holder.host !== now.host) return false;
  if (holder.boot !== now.boot) return true;
  if (holder.namespace !== now.namespace) return false;
  return !isRunning(holder.pid) || holder.start !== now.start;
}

/** Source: Linux, proc(5): `/proc/PID/stat`, field 22, behind the name in brackets, which may hold anything. */
function holderOf(pid: number): LockHolder {
  const boot = textOf(() => readTextFile("/proc/sys/kernel/random/boot_id")?.trim());
  const namespace = textOf(() => fs.readlinkSync("/proc/self/ns/pid"));
  const stat = textOf(() => readTextFile(`/proc/${pid}/stat`));
  const start = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return {
    pid,
    host: os.hostname(),
    ...(boot === undefined ? {} : { boot }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(start === undefined ? {} : { start }),
  };
}

function textOf(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Whether there is a process of that number, somebody else's included. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
