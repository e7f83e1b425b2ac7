import fs from "node:fs";
import path from "node:path";
import type { Clock } from "../clock.ts";
import { debug } from "../debug.ts";
import { VouchError } from "../errors/errors.ts";
import { type FileLock, takeFileLock } from "../files/file-lock.ts";

/** How long to wait for another process that is fetching the same thing, in milliseconds: an exchange with its retries. */
const WAIT_MS = 45_000;

/**
 * A lock this old is taken over, in milliseconds. Its holder died where its number tells nothing (another machine, a
 * container), or waits for a network that swallows everything: then two try at once, and no harm is done.
 */
const STALE_MS = 40_000;

export interface LockRequest {
  /** Name of what is locked, in a session's folder; the lock is this with `.lock` added. */
  readonly file: string;
  readonly now: Clock;
  readonly signal: AbortSignal;
}

/**
 * Does the work while no other process does the same; on a disk that is full or only read, where no lock can be made, all
 * the same. Throws `logged-out` when the session's folder is gone, before or meanwhile: then what the work wants to keep
 * cannot be written.
 */
export async function withLock<T>(request: LockRequest, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(request);
  try {
    return await work();
  } catch (error) {
    throw whileLocked(error, request);
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
    if (!couldNotWrite(error) || isLoggedOut(request)) throw whileLocked(error, request);
    debug(`no lock: ${error.message}`);
    return undefined;
  }
}

function whileLocked(error: unknown, request: LockRequest): unknown {
  return couldNotWrite(error) && isLoggedOut(request)
    ? new VouchError("logged-out", "The session was logged out meanwhile.", { cause: error })
    : error;
}

function couldNotWrite(error: unknown): error is VouchError {
  return error instanceof VouchError && error.code === "file-unwritable";
}

function isLoggedOut({ file }: LockRequest): boolean {
  return !fs.existsSync(path.dirname(file));
}
