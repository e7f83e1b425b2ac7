import path from "node:path";
import { VouchError } from "../../token/errors/errors.ts";
import { unwritable } from "../../token/files/file-errors.ts";
import {
  type FileLock,
  lockPath,
  removeLeftLocks,
  takeFileLock,
  withFileLock,
} from "../../token/files/file-lock.ts";
import { removeLeftFiles } from "../../token/files/lock-files.ts";
import { readTextFile } from "../../token/files/plain-file.ts";
import {
  ensurePrivateDirectory,
  linkTarget,
  makeFolders,
  requireWritable,
  type WriteCalls,
  writeFileAtomically,
} from "../../token/files/private-file.ts";
import { deleteFile } from "../../token/files/sharing.ts";
import type { Clock } from "../../token/timers.ts";
import { backUp, type FileChange, readJournal, writeJournal } from "./setup-journal.ts";

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
async function withSetupLock<T>(place: SetupPlace, work: () => T | Promise<T>): Promise<T> {
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
async function withFilesLocked<T>(
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

/** Changes that belong together, and what the planner reports about them. */
export interface SetupPlan<T> {
  readonly changes: readonly FileChange[];
  readonly result: T;
}

/** How often to plan again when a file changes between plan and lock. */
const MAX_TRIES = 5;

/**
 * Writes what the planner wants: locks, backup, journal, atomic replacement. The planner reads the files itself; when
 * one changed before its lock was held, it is asked again. All files change or, when one cannot be written, none.
 * Nothing is written and no step recorded when there is nothing to change.
 *
 * Throws `file-locked`, `file-unwritable`, `file-changed`, and what the planner throws.
 */
export async function commitChanges<T>(place: SetupPlace, plan: () => SetupPlan<T>): Promise<T> {
  const { result } = await withPlanLocked(place, plan, ({ changes }) => {
    if (changes.length > 0) writeRecorded(place, changes);
  });
  return result;
}

/**
 * Does the work while our lock and those of the plan's files are held and the files are still as they were when planned; plans
 * again until they are. Throws `file-changed` when they keep changing.
 */
export async function withPlanLocked<P extends SetupPlan<unknown>>(
  place: SetupPlace,
  plan: () => P,
  work: (plan: P) => void,
): Promise<P> {
  return withSetupLock(place, async () => {
    for (let tries = 1; ; tries += 1) {
      const planned = plan();
      const paths = planned.changes.map(({ path }) => path);
      const isDone = await withFilesLocked(place, paths, () => {
        if (planned.changes.some(({ path, before }) => readTextFile(path) !== before)) return false;
        work(planned);
        return true;
      });
      if (isDone) return planned;
      if (tries === MAX_TRIES) {
        throw new VouchError("file-changed", `Another program keeps changing ${paths.join(", ")}.`);
      }
    }
  });
}

/** Replaces or removes the files, then does the rest; when any of it fails, the files are put back. */
export function replaceFiles(place: SetupPlace, changes: readonly FileChange[], rest = () => {}): void {
  for (const { path } of changes) requireWritable(path);
  const written: FileChange[] = [];
  try {
    for (const change of changes) {
      putFile(place, change.path, change.after);
      written.push(change);
    }
    rest();
  } catch (error) {
    for (const { path, before } of written) attempt(() => putFile(place, path, before));
    throw error;
  }
}

function writeRecorded(place: SetupPlace, changes: readonly FileChange[]): void {
  for (const { path } of changes) requireWritable(path);
  const { stateDir, clock, calls } = place;
  const steps = readJournal(stateDir);
  const files = backUp(stateDir, changes, calls);
  const kind = changes[0]?.kind ?? "kubeconfig";
  writeJournal(stateDir, [...steps, { kind, time: new Date(clock()).toISOString(), files }], calls);
  try {
    replaceFiles(place, changes);
  } catch (error) {
    attempt(() => writeJournal(stateDir, steps));
    throw error;
  }
}

/** Undefined removes the file, or what it leads to if it is a link. */
function putFile({ calls }: SetupPlace, file: string, text: string | undefined): void {
  if (text === undefined) deleteFile(linkTarget(file));
  else writeFileAtomically(file, text, { keepIdentity: true, ...(calls === undefined ? {} : { calls }) });
}

/** A failure here must not hide the one being handled; undo copes with a step of which nothing was written. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // The first failure is the one to report.
  }
}
