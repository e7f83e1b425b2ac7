import fs from "node:fs";
import os from "node:os";
import { readTextFile } from "./private-file.ts";

/** A process, distinguished from every later one with the same number. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** Start of the system, namespace of the number, and start of the process; absent if the system does not tell. */
  readonly boot?: string;
  readonly namespace?: string;
  readonly start?: string;
}

/** This process. */
export function thisProcess(): LockHolder {
  return holderOf(process.pid);
}

/**
 * Whether the process has certainly ended. False for one on another machine, or in another container: we cannot tell, and its
 * lock is not ours to take.
 */
export function hasEnded(holder: LockHolder): boolean {
  const now = holderOf(holder.pid);
  if (holder.host !== now.host) return false;
  if (holder.boot !== now.boot) return true;
  if (holder.namespace !== now.namespace) return false;
  return !isRunning(holder.pid) || holder.start !== now.start;
}

/** Source: Linux, proc(5): `/proc/PID/stat`, field 22, after the name in brackets, which may contain anything. */
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

/** Whether there is a process with that number, of any user. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
