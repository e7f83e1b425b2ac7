import { replaceFiles, withPlanLocked } from "../commit-changes.ts";
import { backUpTexts, writeJournal } from "../setup-journal.ts";
import type { SetupPlace } from "../setup-locks.ts";
import { planUndo, type UndoPlan } from "./undo-plan.ts";
import type { UndoWish } from "./undo-selection.ts";

/**
 * Takes back the last change of setup that the wish is about; called again, the one before it. Throws `undo-impossible`
 * when none is left, and leaves everything as it is when one of the files cannot be put back.
 */
export async function undoSetup(place: SetupPlace, wish: UndoWish): Promise<UndoPlan> {
  const { stateDir, calls } = place;
  return withPlanLocked(
    place,
    () => planUndo(stateDir, wish),
    ({ changes, steps, backups }) => {
      backUpTexts(stateDir, backups, calls);
      replaceFiles(place, changes, () => writeJournal(stateDir, steps, calls));
    },
  );
}
