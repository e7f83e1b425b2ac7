import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "./clock.ts";
import { reasonOf, VouchError } from "./errors.ts";
import { readPlainFile } from "./plain-file.ts";
import { shellWord } from "./shell-word.ts";

/** Waits, in milliseconds; rejects when the signal is aborted. */
type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** A lock that is held. Releasing twice does nothing; a process that exits releases what it holds. */
export interface FileLock {
  release(): void;
}

interface LockOptions {
  readonly clock: Clock;
  readonly sleep?: Sleep;
  /** Ends the waiting with `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for another holder, in milliseconds. */
  readonly waitMs?: number;
  /**
   * The lock file is of our own kind: it names its holder. One whose holder is no more, or that is older than this, in
   * milliseconds, is taken over. Absent: kubectl's kind, which is empty and never taken over.
   */
  readonly staleAfterMs?: number;
}

/** A lock of our own kind holds a process id, and nothing else. */
const MAX_LOCK_BYTES = 32;

/** How long to wait for another program that writes the same file, in milliseconds. kubectl itself does not wait. */
const WAIT_MS = 5000;

const POLL_MS = 25;

/**
 * The lock that kubectl takes before it writes a file: an empty `<file>.lock` of mode 0, made exclusively.
 * Source: plugin, 1.11.
 */
export function lockPath(file: string): string {
  return `${file}.lock`;
}

/**
 * Takes a lock by creating `lockFile`, waiting a while for whoever holds it. Throws `file-locked` with the lock's age,
 * `interrupted` when the signal ends the wait, `file-unwritable` when the lock file cannot be made.
 */
export async function takeFileLock(lockFile: string, options: LockOptions): Promise<FileLock> {
  const { clock, sleep = pause, signal, waitMs = WAIT_MS, staleAfterMs } = options;
  const deadline = clock() + waitMs;
  for (;;) {
    if (signal?.aborted) throw new VouchError("interrupted", `Interrupted while waiting for ${lockFile}.`);
    const made = makeLockFile(lockFile, staleAfterMs !== undefined);
    if (made !== undefined) return heldLock(lockFile, made);
    if (staleAfterMs !== undefined && removeIfStale(lockFile, clock() - staleAfterMs)) continue;
    if (clock() >= deadline) throw locked(lockFile, clock());
    try {
      await sleep(POLL_MS, signal);
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  }
}

/** Does the work while the lock is held, and releases it whatever happens. */
export async function withFileLock<T>(
  lockFile: string,
  options: LockOptions,
  work: () => T | Promise<T>,
): Promise<T> {
  const lock = await takeFileLock(lockFile, options);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Which file it is, whatever its name: a lock that was taken over has another identity. */
interface Identity {
  readonly ino: bigint;
  readonly mtimeNs: bigint;
}

/** Undefined when somebody else has it. */
function makeLockFile(lockFile: string, isOurKind: boolean): Identity | undefined {
  let handle: number | undefined;
  try {
    handle = fs.openSync(lockFile, "wx", isOurKind ? 0o600 : 0);
    if (isOurKind) fs.writeSync(handle, `${process.pid}\n`);
    return fs.fstatSync(handle, { bigint: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
    if (handle !== undefined) fs.rmSync(lockFile, { force: true });
    throw new VouchError("file-unwritable", `The lock ${lockFile} cannot be made: ${reasonOf(error)}.`, {
      cause: error,
    });
  } finally {
    if (handle !== undefined) fs.closeSync(handle);
  }
}

function heldLock(lockFile: string, made: Identity): FileLock {
  const release = () => {
    process.off("exit", release);
    if (isSame(identityOf(lockFile), made)) fs.rmSync(lockFile, { force: true });
  };
  process.on("exit", release);
  return { release };
}

/**
 * Moves an old lock aside before it is removed: of several that find it old, one gets it. Who in that moment moved a
 * fresh lock aside puts it back.
 */
function removeIfStale(lockFile: string, madeBeforeMs: number): boolean {
  const found = identityOf(lockFile);
  if (found === undefined) return true;
  const isOld = Number(found.mtimeNs / 1_000_000n) <= madeBeforeMs;
  if (!isOld && !isHolderDead(lockFile)) return false;

  const aside = `${lockFile}.${randomBytes(6).toString("hex")}`;
  try {
    fs.renameSync(lockFile, aside);
    if (!isSame(identityOf(aside), found)) fs.linkSync(aside, lockFile);
  } catch {
    // Another process was quicker; the next try to make the lock decides.
  }
  fs.rmSync(aside, { force: true });
  return true;
}

/** The lock names a process, and there is none of that number any more. */
function isHolderDead(lockFile: string): boolean {
  try {
    const holder = Number(readPlainFile(lockFile, MAX_LOCK_BYTES)?.bytes.toString());
    if (!Number.isInteger(holder) || holder <= 0) return false;
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

function identityOf(lockFile: string): Identity | undefined {
  return fs.lstatSync(lockFile, { bigint: true, throwIfNoEntry: false });
}

function isSame(one: Identity | undefined, other: Identity): boolean {
  return one !== undefined && one.ino === other.ino && one.mtimeNs === other.mtimeNs;
}

function locked(lockFile: string, now: number): VouchError {
  const madeAt = fs.lstatSync(lockFile, { throwIfNoEntry: false })?.mtimeMs ?? now;
  const seconds = Math.max(0, Math.round((now - madeAt) / 1000));
  return new VouchError("file-locked", `Another program holds the lock ${lockFile} for ${seconds} seconds.`, {
    hint: `If no kubectl is running: \`rm -f ${shellWord(lockFile)}\`, then run the command again.`,
  });
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal });
}
