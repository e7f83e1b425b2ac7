import { ours } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { localTimeOf } from "../../../token/text/time.ts";
import type { App } from "../../app.ts";
import { printObject } from "../../terminal/output.ts";
import type { OutputChoice } from "../../terminal/output-choice.ts";
import type { Desk } from "../../workplace/workplace.ts";
import { noCurrentContext } from "../current-context-lines.ts";
import { type ForgottenApproval, forgottenLine, forgottenObject } from "../forget-lost.ts";
import { diffOf, setupPlace, writeProblems } from "../setup-report.ts";
import type { EntryChange, KeptEntry } from "./take-back.ts";
import { planUndo, type UndoneFile, type UndoneSetup, type UndoPlan, undoSetup } from "./undo-plan.ts";
import { type UndoWish, undoCommand } from "./undo-selection.ts";

/** The options of all setups and their undo. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly diff: boolean;
  readonly output: OutputChoice;
}

/** Takes back the last change of setup that the wish is about, or only plans to. */
export async function undoOrPlan(
  desk: Desk,
  wish: UndoWish,
  { dryRun }: Pick<WriteOptions, "dryRun">,
): Promise<UndoPlan> {
  const place = setupPlace(desk);
  return dryRun ? planUndo(place.stateDir, wish) : undoSetup(place, wish);
}

/** How it was undone, or would be. */
interface UndoRound {
  readonly wish: UndoWish;
  readonly options: WriteOptions;
  /** Approvals of the contexts that were removed. */
  readonly forgotten: readonly ForgottenApproval[];
}

/** Says what becomes of each file. */
export function reportUndo(
  app: App,
  { result, changes }: UndoPlan,
  { wish, options, forgotten }: UndoRound,
): void {
  const { dryRun, output } = options;
  const diff = dryRun || options.diff ? diffOf(changes) : undefined;
  const warnings = dryRun ? writeProblems(changes) : [];
  if (output !== "text") {
    const shown = diff === undefined ? {} : { diff };
    const added = { ...forgottenObject(forgotten), warnings, ...shown };
    printObject(app, output, "SetupUndone", { dryRun, ...result, ...added });
    return;
  }
  app.io.out(diff ?? "");
  const lines = [
    ...reportLines(result, { ...wish, dryRun }),
    ...forgotten.map(forgottenLine),
    ...warnings.map((warning) => `warning: ${warning}`),
    ...(dryRun ? ["Nothing was written."] : []),
  ];
  app.io.err(`${lines.join("\n")}\n`);
}

interface ReportOptions extends Pick<UndoWish, "kind" | "kubeconfig"> {
  readonly dryRun: boolean;
}

function reportLines(undone: UndoneSetup, { kind, kubeconfig, dryRun }: ReportOptions): string[] {
  const command = ours(kind === "kubeconfig" ? "setup eks" : "setup aws");
  const { time, files, currentContexts, otherFiles } = undone;
  return [
    withCommands`${dryRun ? "Would undo" : "Undid"} ${command} from ${localTimeOf(time)}:`,
    ...files.flatMap(({ entries }) => entryLines(entries, dryRun)),
    ...files.flatMap((file) => [
      ...(file.how === "current-context" ? [] : [`${fileWords(file, dryRun)}.`]),
      ...file.kept.map(keptLine),
    ]),
    ...currentContexts.map((change) => currentContextLine(change, { kubeconfig, dryRun })),
    ...otherFiles.map(
      (file) =>
        withCommands`The same command also changed ${file}, which is left unchanged; to undo that: ${undoCommand(kind, { kubeconfig: file })}`,
    ),
  ];
}

function currentContextLine(
  { path, was, now }: UndoneSetup["currentContexts"][number],
  { kubeconfig, dryRun }: Pick<ReportOptions, "kubeconfig" | "dryRun">,
): string {
  if (now === "") return noCurrentContext({ path, name: was }, { kubeconfig, dryRun });
  const before = was === "" ? "no context was current" : `was: ${was}`;
  return `${dryRun ? "Would switch" : "Switched"} the current context of ${path} back to ${now} (${before}).`;
}

const SECTION_WORDS: Readonly<Record<string, string>> = {
  clusters: "cluster",
  contexts: "context",
  users: "user",
  "current-context": "current context",
};

/** Entries that come and go with a context or a profile. */
const DEPENDENT = ["clusters", "users", "current-context", "sso-session"];

/** Contexts and profiles; of the others only those that were changed. */
function entryLines(entries: readonly EntryChange[], dryRun: boolean): string[] {
  const told = entries.filter(({ section, did }) => !DEPENDENT.includes(section) || did === "updated");
  return told.map(({ section, name, did, clusterArn }) => {
    const what = { added: "removed", updated: "restored", removed: "added back" }[did];
    const words = `${dryRun ? "would be" : "was"} ${what}`;
    const of = clusterArn === undefined ? "" : ` (${clusterArn})`;
    return `  ${SECTION_WORDS[section] ?? section} ${name}${of} ${words}`;
  });
}

function fileWords({ path, how, changedSince }: UndoneFile, dryRun: boolean): string {
  const were = dryRun ? "would be" : "were";
  switch (how) {
    case "restored":
      return `${dryRun ? "Would restore" : "Restored"} ${path}, byte for byte`;
    case "removed":
      return `${dryRun ? "Would remove" : "Removed"} ${path}, which setup had created`;
    case "entries":
      return changedSince
        ? `A different program has changed ${path} since: only the changes by setup ${were} undone`
        : `Later changes by setup to ${path} ${were} kept`;
    default:
      return `${path} is already as it was before: nothing to undo`;
  }
}

function keptLine({ section, name, why }: KeptEntry): string {
  const what = `  ${SECTION_WORDS[section] ?? section} ${name}`;
  return why === "used"
    ? `${what} stays: a different ${section === "sso-session" ? "profile" : "context"} uses it`
    : `${what} keeps the changes made to it since`;
}
