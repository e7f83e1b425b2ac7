import fs from "node:fs";
import { VouchError } from "../../token/errors.ts";
import { linkTarget, readTextFile, writeFileAtomically } from "../../token/private-file.ts";
import type { FileChange } from "./file-change.ts";
import { backUp, readJournal, writeJournal } from "./setup-journal.ts";
import { type SetupPlace, withFilesLocked, withSetupLock } from "./setup-locks.ts";

/** Changes that belong together, and what the planner wants to tell about them. */
export interface SetupPlan<T> {
  readonly changes: readonly FileChange[];
  readonly result: T;
}

/** How often to plan anew when a file changes between plan and lock. */
const MAX_TRIES = 5;

/**
 * Writes what the planner wants: locks, backup, journal, atomic replacement. The planner reads the files itself; when
 * one changed before its lock was held, it is asked again. All files change or, when one cannot be written, none.
 * Nothing is written and no step recorded when there is nothing to change.
 *
 * Throws `file-locked`, `file-unwritable`, `file-changed`, and what the planner throws.
 */
export async function commitChanges<T>(place: SetupPlace, plan: () => SetupPlan<T>): Promise<T> {
  return withSetupLock(place, async () => {
    for (let tries = 1; ; tries += 1) {
      const { changes, result } = plan();
      if (changes.length === 0) return result;
      const paths = changes.map(({ path }) => path);
      const isWritten = await withFilesLocked(place, paths, () => writeUnchanged(place, changes));
      if (isWritten) return result;
      if (tries === MAX_TRIES) {
        throw new VouchError("file-changed", `${paths.join(", ")} kept being changed by another program.`);
      }
    }
  });
}

/** Puts a file back to what it was; `before` undefined removes it, and through a link what the link leads to. */
export function restoreFile(place: SetupPlace, file: string, before: string | undefined): void {
  const { calls } = place;
  if (before === undefined) fs.rmSync(linkTarget(file), { force: true });
  else writeFileAtomically(file, before, { keepIdentity: true, ...(calls === undefined ? {} : { calls }) });
}

/** False, and nothing done, when a file is no longer what the plan was made for. */
function writeUnchanged(place: SetupPlace, changes: readonly FileChange[]): boolean {
  if (changes.some(({ path, before }) => readTextFile(path) !== before)) return false;
  const { stateDir, clock, calls } = place;
  const steps = readJournal(stateDir);
  const files = backUp(stateDir, changes, calls);
  const kind = changes[0]?.kind ?? "kubeconfig";
  writeJournal(stateDir, [...steps, { kind, time: new Date(clock()).toISOString(), files }], calls);
  const written: FileChange[] = [];
  try {
    for (const change of changes) {
      restoreFile(place, change.path, change.after);
      written.push(change);
    }
  } catch (error) {
    for (const { path, before } of written) attempt(() => restoreFile(place, path, before));
    attempt(() => writeJournal(stateDir, steps));
    throw error;
  }
  return true;
}

/** What fails here must not hide why we are here; undo copes with a step of which nothing was written. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // The first failure is the one to report.
  }
}
