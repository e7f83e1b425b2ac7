import path from "node:path";
import { unwritable } from "../../token/files/file-errors.ts";
import {
  type FileLock,
  lockPath,
  removeLeftLocks,
  takeFileLock,
  withFileLock,
} from "../../token/files/file-lock.ts";
import { removeLeftFiles } from "../../token/files/lock-files.ts";
import {
  ensurePrivateDirectory,
  linkTarget,
  makeFolders,
  type WriteCalls,
} from "../../token/files/private-file.ts";
import type { Clock } from "../../token/timers.ts";

/** Where and how setup writes. */
export interface SetupPlace {
  /** Our state folder: journal, backups, our own lock. */
  readonly stateDir: string;
  readonly clock: Clock;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Ends the wait for a lock; a write that has started is completed. */
  readonly signal?: AbortSignal;
  /** How long to wait for kubectl to release a file, in milliseconds. */
  readonly waitMs?: number;
  readonly calls?: WriteCalls;
}

/** A setup that holds our own lock longer than this, in milliseconds, counts as dead. */
const STALE_SETUP_MS = 60_000;

/** Does the work while no other setup of ours runs. */
export async function withSetupLock<T>(place: SetupPlace, work: () => T | Promise<T>): Promise<T> {
  ensurePrivateDirectory(place.stateDir);
  const lockFile = lockPath(path.join(place.stateDir, "setup"));
  return withFileLock(lockFile, { ...place, staleAfterMs: STALE_SETUP_MS }, () => {
    for (const folder of [place.stateDir, path.join(place.stateDir, "backups")])
      removeLeftFiles(folder, place.clock());
    removeLeftLocks(place.stateDir);
    return work();
  });
}

/**
 * Does the work while kubectl's lock is held on each of the files: under the name the file is known by, and under that of the
 * file a symbolic link leads to. In sorted order, as kubectl takes them. Missing folders are created.
 */
export async function withFilesLocked<T>(
  place: SetupPlace,
  files: readonly string[],
  work: () => T | Promise<T>,
): Promise<T> {
  const names = files.flatMap((file) => [file, linkTarget(file)]);
  const held: FileLock[] = [];
  try {
    for (const name of [...new Set(names)].sort()) {
      makeFolder(path.dirname(name));
      held.push(await takeFileLock(lockPath(name), { ...place, notes: place.stateDir }));
    }
    for (const name of new Set(names)) removeLeftFiles(path.dirname(name), place.clock());
    return await work();
  } finally {
    for (const lock of held.reverse()) lock.release();
  }
}

/** A new folder is private, since its files may be secret; an existing one stays as it is. */
function makeFolder(folder: string): void {
  try {
    makeFolders(folder);
  } catch (error) {
    throw unwritable(folder, error, `The folder ${folder} cannot be created`);
  }
}
