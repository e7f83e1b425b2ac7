import { withCommands } from "../../../token/command/sentence.ts";
import { copy } from "../../../token/command/tasks.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { readTextFile } from "../../../token/files/plain-file.ts";
import {
  entriesOf,
  type KubeconfigDocument,
  type KubeRecord,
  parseKubeconfig,
} from "../../../token/kubeconfig/kubeconfig-document.ts";
import { replaceFiles, type SetupPlace, type SetupPlan, withPlanLocked } from "../commit-changes.ts";
import { currentContextOf } from "../kubeconfig-draft.ts";
import { editKubeconfig } from "../kubeconfig-edit.ts";
import {
  backedUp,
  backUpTexts,
  backupPath,
  hashOf,
  type JournalFile,
  type JournalStep,
  readJournal,
  writeJournal,
} from "../setup-journal.ts";
import {
  type EntryChange,
  type KeptEntry,
  saysNothing,
  takeBackEntries,
  takeBackProfiles,
} from "./take-back.ts";
import { chooseStep, type SelectedFile, sameFile, type UndoWish } from "./undo-selection.ts";

/** What becomes of a file. */
export interface UndoneFile {
  readonly path: string;
  /**
   * `restored`: byte for byte as it was. `removed`: setup had created it. `entries`: only entries of ours went back. `unchanged`:
   * it was already as before, or is gone, as it was before setup. `current-context`: another file, whose current context was
   * removed.
   */
  readonly how: "restored" | "removed" | "entries" | "unchanged" | "current-context";
  /** Someone else changed it after setup. */
  readonly changedSince: boolean;
  /** What setup had done, which is undone. */
  readonly entries: readonly EntryChange[];
  readonly kept: readonly KeptEntry[];
}

/** A file whose current context changes; empty for none. */
interface NewCurrentContext {
  readonly path: string;
  readonly was: string;
  readonly now: string;
}

export interface UndoneSetup {
  /** When setup did it; ISO 8601, UTC. */
  readonly time: string;
  readonly files: readonly UndoneFile[];
  readonly currentContexts: readonly NewCurrentContext[];
  /** Files that the same command changed and that stay as they are. */
  readonly otherFiles: readonly string[];
}

/** What to write: the files, and the journal with the texts it needs. */
export interface UndoPlan extends SetupPlan<UndoneSetup> {
  readonly steps: readonly JournalStep[];
  readonly backups: readonly string[];
}

/** A text after our change is undone; undefined when the file is removed. */
interface TextBack {
  readonly text: string | undefined;
  readonly isExact: boolean;
  readonly kept: readonly KeptEntry[];
}

type PlannedFile = UndoneFile & { readonly now: string | undefined; readonly text: string | undefined };

/**
 * Decides what undoing means for the files as they are now; writes nothing. The last change that the wish is about is undone:
 * byte for byte if nothing else happened to the file since, else entry by entry. Later changes of ours that stay are recorded as
 * if that one had never happened, so that undoing them still restores the original bytes.
 *
 * Throws `undo-impossible`, `kubeconfig-invalid`, `aws-config-invalid`.
 */
export function planUndo(stateDir: string, wish: UndoWish): UndoPlan {
  const steps = readJournal(stateDir);
  const { step, selected } = chooseStep(stateDir, steps, wish);
  const others = wish.kind === "kubeconfig" ? contextsOfOthers(wish.files, selected) : () => [];
  const backs = new Map(selected.map((file) => [file, textBack(wish, file, others(file.path))]));

  const files = selected.map((file): PlannedFile => {
    const now = readTextFile(file.path);
    if (now === undefined) requireNoLoss(stateDir, file);
    const { path, changes: entries } = file;
    const changedSince = hashOf(now) !== lastWritten(steps, path);
    const isThere = now !== undefined && hashOf(now) !== file.record.before;
    if (!isThere) return { path, how: "unchanged", changedSince, entries, kept: [], now, text: now };
    const { text, isExact, kept } = backs.get(file)?.(now) ?? { text: now, isExact: false, kept: [] };
    const how = text === undefined ? "removed" : isExact ? "restored" : "entries";
    return { path, how, changedSince, entries, kept, now, text };
  });
  const { planned, currentContexts } =
    wish.kind === "kubeconfig"
      ? withoutLostContexts(wish.files, files, selected)
      : { planned: files, currentContexts: [] };

  return {
    ...journalWithout({
      stateDir,
      steps,
      step,
      selected,
      back: (file, text) => backs.get(file)?.(text).text,
    }),
    changes: planned
      .filter(({ now, text }) => now !== text)
      .map(({ path, now, text }) => ({ kind: wish.kind, path, before: now, after: text, entries: [] })),
    result: {
      time: step.time,
      files: planned.map(({ now: _now, text: _text, ...file }) => file),
      currentContexts,
      otherFiles: step.files
        .map(({ path }) => path)
        .filter((path) => !selected.some((file) => sameFile(file.path, path))),
    },
  };
}

/** A file that was there before setup is not forgotten with what setup did to it. Throws `undo-impossible`. */
function requireNoLoss(stateDir: string, { path, record }: SelectedFile): void {
  if (record.before === null) return;
  throw new VouchError("undo-impossible", `${path} no longer exists.`, {
    hint: withCommands`To put back what was in it before setup: ${copy(backupPath(stateDir, record.before), path)}`,
  });
}

function textBack(wish: UndoWish, file: SelectedFile, others: readonly KubeRecord[]) {
  const { record, isWhole, texts } = file;
  const put = wish.kind === "kubeconfig" ? takeBackEntries : takeBackProfiles;
  const isUsed = file.changes.some(
    ({ section, name, did }) =>
      did === "added" &&
      others.some(
        ({ cluster, user }) =>
          (section === "clusters" && cluster === name) || (section === "users" && user === name),
      ),
  );
  return (text: string): TextBack => {
    if (isWhole && !isUsed && hashOf(text) === record.after)
      return { text: texts.before, isExact: true, kept: [] };
    const { text: back, kept } = put(text, { ...texts, entries: file.changes }, others);
    const isEmpty =
      texts.before === undefined && (back.trim() === "" || isEmptyKubeconfig(wish, back, file.path));
    return { text: isEmpty ? undefined : back, isExact: false, kept };
  };
}

function isEmptyKubeconfig({ kind }: UndoWish, text: string, path: string): boolean {
  return kind === "kubeconfig" && saysNothing(text, path);
}

function lastWritten(steps: readonly JournalStep[], path: string): string | null | undefined {
  return steps.flatMap(({ files }) => files).findLast((file) => sameFile(file.path, path))?.after;
}

/** The contexts in files of the kubeconfig in which nothing is undone. */
function contextsOfOthers(files: readonly string[], selected: readonly SelectedFile[]) {
  return (path: string): KubeRecord[] =>
    files
      .filter((file) => !sameFile(file, path) && !selected.some((one) => sameFile(one.path, file)))
      .flatMap((file) => [...entriesOf(documentOf(file, readTextFile(file)).model, "contexts").values()]);
}

/** A file whose current context is removed names the one from before setup if that still exists, else none. */
function withoutLostContexts(
  files: readonly string[],
  planned: readonly PlannedFile[],
  selected: readonly SelectedFile[],
): { readonly planned: readonly PlannedFile[]; readonly currentContexts: readonly NewCurrentContext[] } {
  const all = files.map((path): PlannedFile => {
    const now = planned.find((file) => sameFile(file.path, path));
    const text = now === undefined ? readTextFile(path) : undefined;
    return (
      now ?? { path, how: "current-context", changedSince: false, entries: [], kept: [], now: text, text }
    );
  });
  const existed = contextNames(all.map(({ path, now }) => documentOf(path, now)));
  const remain = contextNames(all.map(({ path, text }) => documentOf(path, text)));
  const fixed = all.map((file) => {
    const { path, how, now: current, text } = file;
    if (text === undefined || how === "restored") return file;
    const document = documentOf(path, text);
    const was = currentContextOf(document);
    const isTakenBack = selected.some(({ changes }) =>
      changes.some(({ section, name }) => section === "contexts" && name === was),
    );
    const isNew = was !== currentContextOf(documentOf(path, current));
    if (was === "" || remain.has(was) || !(isTakenBack || isNew || existed.has(was))) return file;
    const before = documentOf(path, selected.find((one) => sameFile(one.path, path))?.texts.before);
    const currentContext = remain.has(currentContextOf(before)) ? currentContextOf(before) : "";
    const edited = editKubeconfig(document, { entries: [], currentContext });
    const isEmpty = isFileOfOurs(selected, path) && saysNothing(edited, path);
    return isEmpty ? { ...file, how: "removed" as const, text: undefined } : { ...file, text: edited };
  });
  return {
    planned: fixed.filter(({ how, now, text }) => how !== "current-context" || now !== text),
    currentContexts: fixed.flatMap(newCurrentContext),
  };
}

function newCurrentContext({ path, now: current, text }: PlannedFile): NewCurrentContext[] {
  if (text === undefined) return [];
  const [was, now] = [current, text].map((state) => currentContextOf(documentOf(path, state)));
  return was === undefined || now === undefined || was === now ? [] : [{ path, was, now }];
}

function isFileOfOurs(selected: readonly SelectedFile[], path: string): boolean {
  return selected.some((file) => sameFile(file.path, path) && file.texts.before === undefined);
}

function documentOf(path: string, text: string | undefined): KubeconfigDocument {
  return parseKubeconfig(text ?? "", path);
}

function contextNames(documents: readonly KubeconfigDocument[]): Set<string> {
  return new Set(documents.flatMap(({ model }) => [...entriesOf(model, "contexts").keys()]));
}

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
function journalWithout({ stateDir, steps, step, selected, back }: JournalChange): {
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
