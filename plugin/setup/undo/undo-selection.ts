import fs from "node:fs";
import path from "node:path";
import { edit, type OptionValue, ours, type Run, run } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { unlessThrown, VouchError } from "../../../token/errors/errors.ts";
import { readTextFile } from "../../../token/files/plain-file.ts";
import { linkTarget } from "../../../token/files/private-file.ts";
import { shortList } from "../../../token/text/short-list.ts";
import { localTimeOf } from "../../../token/text/time.ts";
import { contextsIn } from "../../vouch/vouch-contexts.ts";
import { backedUp, type FileChange, hashOf, type JournalFile, type JournalStep } from "../setup-journal.ts";
import { awsConfigChanges, type EntryChange, kubeconfigChange, type StepTexts } from "./take-back.ts";

/** Which change to undo. */
export interface UndoWish {
  readonly kind: FileChange["kind"];
  /** The file of `--kubeconfig`, for the commands that are printed. */
  readonly kubeconfig?: string | undefined;
  /** The files that setup would use now. Nothing is undone in another. */
  readonly files: readonly string[];
  /** Absent: every change. */
  readonly only?: {
    /** As it is called in a message: `cluster lab`. */
    readonly what: string;
    readonly isMeant: (change: EntryChange) => boolean;
  };
}

/** A file of a step, and what is undone in it. */
export interface SelectedFile {
  /** As in the wish. */
  readonly path: string;
  readonly record: JournalFile;
  readonly texts: StepTexts;
  readonly changes: readonly EntryChange[];
  /** Whether that is all the step did to the file. */
  readonly isWhole: boolean;
}

/** The last step that the wish is about. Throws `undo-impossible` with what there is instead. */
export function chooseStep(
  stateDir: string,
  steps: readonly JournalStep[],
  wish: UndoWish,
): { readonly step: JournalStep; readonly selected: readonly SelectedFile[] } {
  const ofKind = steps.filter(({ kind }) => kind === wish.kind);
  for (const step of ofKind.toReversed()) {
    const selected = selectedFiles(stateDir, step, wish);
    if (selected.length > 0) return { step, selected };
  }
  throw nothingToUndo(ofKind, wish);
}

function selectedFiles(stateDir: string, step: JournalStep, { kind, files, only }: UndoWish): SelectedFile[] {
  return step.files.flatMap((record) => {
    const meant = files.find((file) => sameFile(file, record.path));
    if (meant === undefined) return [];
    const texts = stepTexts(stateDir, meant, record);
    const all =
      kind === "kubeconfig"
        ? record.entries.map((entry) => kubeconfigChange(texts, entry))
        : awsConfigChanges(texts, record.entries);
    const changes = only === undefined ? all : all.filter(only.isMeant);
    return changes.length === 0 && only !== undefined
      ? []
      : [{ path: meant, record, texts, changes, isWhole: changes.length === all.length }];
  });
}

/** Earlier versions kept no backup of what they wrote: it is known only while the file is still as they left it. */
function stepTexts(stateDir: string, file: string, { before, after }: JournalFile): StepTexts {
  const now = readTextFile(file);
  return {
    path: file,
    before: backedUp(stateDir, file, before),
    after: hashOf(now) === after ? now : backedUp(stateDir, file, after),
  };
}

function nothingToUndo(
  steps: readonly JournalStep[],
  { kind, kubeconfig, files, only }: UndoWish,
): VouchError {
  const last = steps.at(-1);
  if (last === undefined) {
    return new VouchError("undo-impossible", "No recorded setup to undo.", {
      hint:
        kind === "aws-config"
          ? withCommands`Remove the profile manually: ${edit(files[0] ?? "")}`
          : removalHint(files, kubeconfig),
    });
  }
  const here = files.some((file) => last.files.some(({ path: changed }) => sameFile(file, changed)));
  const changed = last.files.map((file) => file.path);
  return new VouchError(
    "undo-impossible",
    `No setup${only === undefined ? "" : ` for ${only.what}`} is recorded in ${files.join(", ")}. The last one, from ${localTimeOf(last.time)}, changed ${changed.join(", ")}.`,
    {
      hint: here
        ? withCommands`See what it did: ${undoCommand(kind, { "dry-run": true, kubeconfig })}`
        : otherFileHint(kind, changed),
    },
  );
}

/** Names our contexts that exist all the same, wherever they came from. */
function removalHint(files: readonly string[], kubeconfig: string | undefined): string {
  const [first, ...others] = contextsIn(files) ?? [];
  if (first === undefined) return `No kubectl-vouch contexts found in ${files.join(", ")}.`;
  const also = others.length === 0 ? "" : `; likewise ${shortList(others.map(({ name }) => name))}`;
  return withCommands`Remove a context manually: ${run("kubectl", "config delete-context", { kubeconfig }, first.name)}${also}`;
}

function otherFileHint(kind: UndoWish["kind"], [file = ""]: readonly string[]): string {
  return kind === "kubeconfig"
    ? withCommands`To undo that one: ${undoCommand(kind, { kubeconfig: file })}`
    : `To undo that one, set AWS_CONFIG_FILE to ${file} and try again.`;
}

/** The command that undoes a change of this kind. */
export function undoCommand(
  kind: UndoWish["kind"],
  options: Record<string, OptionValue | undefined> = {},
): Run {
  const verb = kind === "kubeconfig" ? "setup eks" : "setup aws";
  return ours(verb, { undo: true, ...options });
}

/** Whether two paths lead to the same file, with links followed. To Windows, case is no difference. */
export function sameFile(one: string, other: string): boolean {
  const same = process.platform === "win32" ? (path: string) => path.toLowerCase() : (path: string) => path;
  return one === other || same(realPath(one)) === same(realPath(other));
}

function realPath(file: string): string {
  const target = linkTarget(file);
  return unlessThrown(() => path.join(fs.realpathSync(path.dirname(target)), path.basename(target)), target);
}
