import { VouchError } from "../../token/errors/errors.ts";
import { readTextFile } from "../../token/files/plain-file.ts";
import { linkTarget, requireWritable, writeFileAtomically } from "../../token/files/private-file.ts";
import { deleteFile } from "../../token/files/sharing.ts";
import type { FileChange } from "./file-change.ts";
import { backUp, readJournal, writeJournal } from "./setup-journal.ts";
import { type SetupPlace, withFilesLocked, withSetupLock } from "./setup-locks.ts";

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
