import fs from "node:fs";
import path from "node:path";
import type { Clock } from "../clock.ts";
import { VouchError } from "../errors/errors.ts";
import { withFileLock } from "../files/file-lock.ts";

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
 * Does the work while no other process does the same. Throws `logged-out` when the session's folder is gone, before or
 * meanwhile: then neither the lock nor what the work wants to keep can be written.
 */
export async function withLock<T>({ file, now, signal }: LockRequest, work: () => Promise<T>): Promise<T> {
  try {
    const options = { clock: now, signal, waitMs: WAIT_MS, staleAfterMs: STALE_MS };
    return await withFileLock(`${file}.lock`, options, work);
  } catch (error) {
    const couldNotWrite = error instanceof VouchError && error.code === "file-unwritable";
    if (!couldNotWrite || fs.existsSync(path.dirname(file))) throw error;
    throw new VouchError("logged-out", "The session was logged out meanwhile.", { cause: error });
  }
}
