import { lockPath, withFileLock } from "../files/file-lock.ts";
import { ensurePrivateDirectory } from "../files/private-file.ts";
import { currentFile } from "../hot/state-files.ts";
import type { Clock } from "../timers.ts";

/** A process that has held the lock longer than this, in milliseconds, has died: no one is prompted under it. */
const STALE_MS = 30_000;

interface LockRequest {
  readonly state: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Does the work while no other login or logout changes `current.json`: if two read it and write it back, one would undo the
 * other, and leave a session that no one knows of.
 */
export function withSessionsLocked<T>(
  { state, clock, signal }: LockRequest,
  work: () => T | Promise<T>,
): Promise<T> {
  ensurePrivateDirectory(state);
  return withFileLock(lockPath(currentFile(state)), { clock, signal, staleAfterMs: STALE_MS }, work);
}
