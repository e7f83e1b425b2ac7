import { backedUp, hashOf, type JournalFile, type JournalStep } from "../setup-journal.ts";
import { type SelectedFile, sameFile } from "./undo-selection.ts";

interface JournalChange {
  readonly stateDir: string;
  readonly steps: readonly JournalStep[];
  /** The step of which something is undone. */
  readonly step: JournalStep;
  readonly selected: readonly SelectedFile[];
  /** A state of the file without what is undone; undefined when there is no file then. */
  readonly back: (file: SelectedFile, text: string) => string | undefined;
}

/**
 * The journal as if what is undone had never happened: later states of a file are recorded without it, and steps that did
 * nothing else are dropped. Also returns the texts of these states, to be backed up.
 */
export function journalWithout({ stateDir, steps, step, selected, back }: JournalChange): {
  readonly steps: readonly JournalStep[];
  readonly backups: readonly string[];
} {
  const backups: string[] = [];
  const selectedOf = ({ path }: JournalFile) => selected.find((one) => sameFile(one.path, path));
  const without = (one: SelectedFile, hash: string | null) => {
    const text = backedUp(stateDir, one.path, hash);
    const changed = text === undefined ? undefined : back(one, text);
    if (changed !== undefined) backups.push(changed);
    return hashOf(changed);
  };
  const rest = (file: JournalFile): JournalFile[] => {
    const one = selectedOf(file);
    if (one === undefined) return [file];
    if (one.isWhole) return [];
    const isTaken = ({ section, name }: JournalFile["entries"][number]) =>
      one.changes.some((change) => change.section === section && change.name === name);
    const entries = file.entries.filter((entry) => !isTaken(entry));
    const after = without(one, file.after);
    return after === file.before ? [] : [{ ...file, after, entries }];
  };
  const later = (file: JournalFile): JournalFile[] => {
    const one = selectedOf(file);
    if (one === undefined) return [file];
    const moved = { ...file, before: without(one, file.before), after: without(one, file.after) };
    return moved.before === moved.after ? [] : [moved];
  };
  const index = steps.indexOf(step);
  const changed = steps.map((other, position) => {
    if (position < index) return other;
    return { ...other, files: other.files.flatMap(position === index ? rest : later) };
  });
  return { steps: changed.filter(({ files }) => files.length > 0), backups };
}
