import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { withCommands } from "../command/sentence.ts";
import { removeLock } from "../command/tasks.ts";
import { debug } from "../debug.ts";
import { VouchError } from "../errors/errors.ts";
import type { Clock } from "../timers.ts";
import { isUnwritable } from "./file-errors.ts";
import {
  type FileIdentity,
  forgetEnded,
  identityOf,
  isAbandoned,
  isRunning,
  isSameFile,
  type MadeLock,
  makeLock,
  notedLocks,
  noteLock,
} from "./lock-files.ts";
import { readPlainFile } from "./plain-file.ts";
import { deleteFile } from "./sharing.ts";

/** Waits, in milliseconds; rejects when the signal is aborted. */
type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** A held lock. Releasing it twice does nothing; a process that exits releases its locks. */
export interface FileLock {
  release(): void;
}

interface LockOptions {
  readonly clock: Clock;
  readonly sleep?: Sleep;
  /** Ends the wait with `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for another holder, in milliseconds. */
  readonly waitMs?: number;
  /**
   * The lock file is of our own kind: it names its holder. One whose holder has ended, or that is older than this, in
   * milliseconds, is taken over. Absent: kubectl's kind, which is empty. Such a lock is taken over only if it is ours.
   */
  readonly staleAfterMs?: number;
  /** Our own folder, in which we note the locks of kubectl's kind that we make. Absent: none is taken over. */
  readonly notes?: string;
}

/** A lock of our own kind contains a process id, and nothing else. */
const MAX_LOCK_BYTES = 32;

/** How long to wait for another program that is writing the same file, in milliseconds. kubectl itself does not wait. */
const WAIT_MS = 5000;

const POLL_MS = 25;

/**
 * The lock that kubectl takes before it writes a file: an empty `<file>.lock` of mode 0, created exclusively.
 * Source: plugin/KUBECTL.md, "Kubeconfig files".
 */
export function lockPath(file: string): string {
  return `${file}.lock`;
}

/**
 * Takes a lock by creating `lockFile`, waiting a while for another holder. Throws `file-locked` with the lock's age,
 * `interrupted` if the signal ends the wait, `file-unwritable` if the lock file cannot be created, and `file-foreign` if
 * something that is not a lock has its name.
 */
export async function takeFileLock(lockFile: string, options: LockOptions): Promise<FileLock> {
  const { clock, sleep = pause, signal, waitMs = WAIT_MS, staleAfterMs, notes } = options;
  const start = clock();
  const deadline = start + waitMs;
  let isWaiting = false;
  for (;;) {
    if (signal?.aborted) throw new VouchError("interrupted", `Interrupted while waiting for ${lockFile}.`);
    const made = staleAfterMs === undefined ? makeKubectlLock(lockFile, notes) : makeOurLock(lockFile);
    if (made !== undefined) {
      if (isWaiting) debug(`lock ${lockFile}: acquired after ${clock() - start} ms`);
      return heldLock(lockFile, made);
    }
    requireLockFile(lockFile);
    const isStale = staleAfterMs === undefined ? isLeft(notes) : isOurStale(clock() - staleAfterMs);
    if (removeIfStale(lockFile, isStale)) continue;
    if (!isWaiting) debug(`lock ${lockFile}: another process holds it, waiting`);
    isWaiting = true;
    if (clock() >= deadline) throw locked(lockFile, clock());
    try {
      await sleep(POLL_MS, signal);
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  }
}

/** No program that locks creates a pipe, a device, a link or a folder there, so waiting would be pointless. */
function requireLockFile(lockFile: string): void {
  if (fs.lstatSync(lockFile, { throwIfNoEntry: false })?.isFile() ?? true) return;
  throw new VouchError(
    "file-foreign",
    `Cannot create lock ${lockFile}: something that is not a file already exists there.`,
  );
}

/** Removes the locks of kubectl's kind that are noted here and whose makers have ended: kubectl would never wait for them. */
export function removeLeftLocks(notes: string): void {
  for (const lockFile of notedLocks(notes)) {
    if (isAbandoned(notes, lockFile)) removeIfStale(lockFile, isLeft(notes));
    forgetEnded(notes, lockFile);
  }
}

/** Does the work while holding the lock, and always releases it. */
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

/** Makes a lock that names its holder. Undefined if another process has it. */
function makeOurLock(lockFile: string): MadeLock | undefined {
  return makeLock(lockFile, {
    write: (file) => fs.writeFileSync(file, `${process.pid}\n`, { flag: "wx", mode: 0o600 }),
  });
}

/**
 * Makes a lock like kubectl's: empty, of mode 0, and noted if there is a folder for notes. Undefined if another process has it.
 */
function makeKubectlLock(lockFile: string, notes: string | undefined): MadeLock | undefined {
  const write = (file: string) => fs.closeSync(fs.openSync(file, "wx", 0));
  if (notes === undefined) return makeLock(lockFile, { write });
  const made = makeLock(lockFile, { write, note: (identity) => noteLock(notes, lockFile, identity) });
  if (made !== undefined) forgetEnded(notes, lockFile);
  return made;
}

/** What releases the locks that are held. One listener for all: Node warns of more than ten. */
const held = new Set<() => void>();
const releaseAll = () => {
  for (const release of held) release();
};

function heldLock(lockFile: string, { identity, note }: MadeLock): FileLock {
  const release = () => {
    held.delete(release);
    if (held.size === 0) process.off("exit", releaseAll);
    if (isSameFile(identityOf(lockFile), identity)) deleteFile(lockFile);
    if (note !== undefined) deleteFile(note);
  };
  if (held.size === 0) process.on("exit", releaseAll);
  held.add(release);
  return { release };
}

type IsStale = (lockFile: string, found: FileIdentity) => boolean;

/** A lock of our own kind that is too old, or whose holder has ended. */
function isOurStale(madeBeforeMs: number): IsStale {
  return (lockFile, { mtimeNs }) => Number(mtimeNs / 1_000_000n) <= madeBeforeMs || isHolderDead(lockFile);
}

/** A lock of kubectl's kind, left by a process of ours. */
function isLeft(notes: string | undefined): IsStale {
  return (lockFile) => notes !== undefined && isAbandoned(notes, lockFile);
}

/** How long a process may take between finding a lock stale and removing it, in milliseconds; later it counts as killed. */
const REMOVAL_MS = 10_000;

/**
 * Removes a stale lock. Only one process at a time looks and removes, in a folder beside the lock that it makes for that: another
 * one that had looked before could remove the lock that is made next. True: the next attempt to make the lock decides.
 */
function removeIfStale(lockFile: string, isStale: IsStale): boolean {
  const isStaleNow = () => {
    const found = identityOf(lockFile);
    return found !== undefined && isStale(lockFile, found);
  };
  if (!isStaleNow()) return identityOf(lockFile) === undefined;
  const removal = `${lockFile}.stale`;
  try {
    fs.mkdirSync(removal, { mode: 0o700 });
  } catch {
    const madeAt = fs.lstatSync(removal, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - madeAt > REMOVAL_MS) fs.rmSync(removal, { recursive: true, force: true });
    return false;
  }
  try {
    if (isStaleNow()) {
      debug(`lock ${lockFile}: its holder has ended, removing it`);
      deleteFile(lockFile);
    }
  } finally {
    fs.rmSync(removal, { recursive: true, force: true });
  }
  return true;
}

/**
 * The lock names a process that has ended, or contains something that we never write. An empty one may be about to be written.
 */
function isHolderDead(lockFile: string): boolean {
  try {
    const written = readPlainFile(lockFile, MAX_LOCK_BYTES)?.bytes.toString().trim() ?? "";
    return written !== "" && !(/^[1-9]\d{0,9}$/.test(written) && isRunning(Number(written)));
  } catch {
    return (fs.lstatSync(lockFile, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOCK_BYTES;
  }
}

function locked(lockFile: string, now: number): VouchError {
  const madeAt = fs.lstatSync(lockFile, { throwIfNoEntry: false })?.mtimeMs ?? now;
  const seconds = Math.max(0, Math.round((now - madeAt) / 1000));
  return new VouchError("file-locked", `Another program has held lock ${lockFile} for ${seconds} seconds.`, {
    hint: withCommands`If no kubectl is running, run ${removeLock(lockFile)} and try again.`,
  });
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal });
}

/** How long to wait for another process that is fetching the same, in milliseconds: an exchange with its retries. */
const FETCH_WAIT_MS = 45_000;

/**
 * A lock this old is taken over, in milliseconds. Its holder died where its process id means nothing to us (on another machine,
 * in a container), or waits for a network that drops everything: then two processes try at once, without harm.
 */
const FETCH_STALE_MS = 40_000;

interface LockRequest {
  /** Name of what is locked, in its folder; the lock file has `.lock` added. */
  readonly file: string;
  /** The error if the folder is gone: a session was logged out. Undefined: no lock, and no failure. */
  readonly gone: ((cause?: unknown) => VouchError) | undefined;
  readonly now: Clock;
  readonly signal: AbortSignal;
}

/**
 * Does the work while no other process does the same; also without a lock, if none can be made because the disk is full or
 * read-only. Throws `gone` if the folder is missing, before or meanwhile: then the work's result cannot be written.
 */
export async function withLock<T>(request: LockRequest, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(request);
  try {
    return await work();
  } catch (error) {
    if (isUnwritable(error)) throwIfGone(request, error);
    throw error;
  } finally {
    lock?.release();
  }
}

async function takeLock(request: LockRequest): Promise<FileLock | undefined> {
  const { file, now, signal } = request;
  try {
    const options = { clock: now, signal, waitMs: FETCH_WAIT_MS, staleAfterMs: FETCH_STALE_MS };
    return await takeFileLock(`${file}.lock`, options);
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    throwIfGone(request, error);
    debug(`continuing without a lock: ${error.message}`);
    return undefined;
  }
}

function throwIfGone({ file, gone }: LockRequest, cause: unknown): void {
  if (gone === undefined || fs.existsSync(path.dirname(file))) return;
  throw gone(cause);
}
