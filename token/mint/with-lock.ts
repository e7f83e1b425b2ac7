import fs from "node:fs";
import path from "node:path";
import type { Clock } from "../clock.ts";
import { debug } from "../debug.ts";
import { type FileLock, takeFileLock } from "../files/file-lock.ts";
import { isUnwritable } from "../files/unwritable.ts";
import type { Gone } from "./mint-source.ts";

/** How long to wait for another process that is fetching the same thing, in milliseconds: an exchange with its retries. */
const WAIT_MS = 45_000;

/**
 * A lock this old is taken over, in milliseconds. Its holder died where its number tells nothing (another machine, a
 * container), or waits for a network that swallows everything: then two try at once, and no harm is done.
 */
const STALE_MS = 40_000;

export interface LockRequest {
  /** Name of what is locked, in the folder where it is kept; the lock is this with `.lock` added. */
  readonly file: string;
  /** What it means that the folder is gone: a session was logged out. Undefined: no lock, and no failure. */
  readonly gone: Gone | undefined;
  readonly now: Clock;
  readonly signal: AbortSignal;
}

/**
 * Does the work while no other process does the same; on a disk that is full or only read, where no lock can be made, all
 * the same. Throws `gone` when the folder is, before or meanwhile: then what the work wants to keep cannot be written.
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
    debug(`no lock: ${error.message}`);
    return undefined;
  }
}

function throwIfGone({ file, gone }: LockRequest, cause: unknown): void {
  if (gone === undefined || fs.existsSync(path.dirname(file))) return;
  throw gone(cause);
}
