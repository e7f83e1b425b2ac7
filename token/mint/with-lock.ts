import fs from "node:fs";
import path from "node:path";
import { debug } from "../debug.ts";
import { isUnwritable } from "../files/file-errors.ts";
import { type FileLock, takeFileLock } from "../files/file-lock.ts";
import type { Clock } from "../timers.ts";
import type { Gone } from "./mint-source.ts";

/** How long to wait for another process that is fetching the same, in milliseconds: an exchange with its retries. */
const WAIT_MS = 45_000;

/**
 * A lock this old is taken over, in milliseconds. Its holder died where its process id means nothing to us (on another machine,
 * in a container), or waits for a network that drops everything: then two processes try at once, without harm.
 */
const STALE_MS = 40_000;

export interface LockRequest {
  /** Name of what is locked, in its folder; the lock file has `.lock` added. */
  readonly file: string;
  /** The error if the folder is gone: a session was logged out. Undefined: no lock, and no failure. */
  readonly gone: Gone | undefined;
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
    const options = { clock: now, signal, waitMs: WAIT_MS, staleAfterMs: STALE_MS };
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
