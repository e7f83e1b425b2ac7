import { ours, type Run } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { envValue } from "../../../token/env.ts";
import { shortList } from "../../../token/text/short-list.ts";
import type { App } from "../../app.ts";
import type { failuresOf } from "../../setup/center/assigned-roles.ts";
import type { SessionEntry } from "../../setup/center/center-place.ts";
import type { CenterProfile, CenterSetup } from "../../setup/center/center-setup.ts";
import { changedEntries } from "../../setup/changed-entries.ts";
import { toldOf, undoWords } from "../../setup/setup-report.ts";
import { undoCommand } from "../../setup/undo/undo-selection.ts";
import { printObject } from "../../terminal/output.ts";
import { canPick } from "../../terminal/pick.ts";
import type { SetupCenterOptions } from "./setup-aws.options.ts";

/** What the setup did, or would do. */
interface ReportInput {
  readonly app: App;
  readonly options: SetupCenterOptions;
  readonly session: SessionEntry;
  /** Who logged in just now; undefined if that is not known. */
  readonly person: string | undefined;
  readonly setup: CenterSetup;
  readonly failures: ReturnType<typeof failuresOf>;
  /** Why the real run could not write. */
  readonly problems: readonly string[];
  readonly diff: string | undefined;
}

export function reportCenterSetup(input: ReportInput): void {
  const { app, options } = input;
  if (options.output !== "text") printObject(app, options.output, "IdentityCenterSetup", asObject(input));
  else app.io.err(`${asLines(input).join("\n")}\n`);
}

function asObject({ app, options, session, person, setup, failures, problems, diff }: ReportInput) {
  const { dryRun } = options;
  const files = filesOf(setup);
  return {
    dryRun,
    session: session.name,
    startUrl: session.startUrl,
    region: session.region,
    person,
    profiles: [...setup.profiles],
    files,
    changes: changedEntries(setup.changes),
    failures: failures.map(({ account, error }) => ({
      ...{ accountId: account.id, accountName: account.name },
      ...{ code: error.code, message: error.message, hint: error.hint },
    })),
    warnings: [...problems],
    diff,
    undo: dryRun || files.length === 0 ? undefined : undoWords(app.programName, "aws-config"),
  };
}

function filesOf({ changes }: CenterSetup): string[] {
  return changes.map(({ path }) => path);
}

function asLines(input: ReportInput): string[] {
  const { options, setup, failures, problems } = input;
  const { profiles } = setup;
  const would = options.dryRun ? "that would be " : "";
  const told = (words: string, chosen: readonly CenterProfile[], nameOf = nameIn) =>
    chosen.length === 0 ? [] : [`${words}: ${chosen.length} (${shortList(chosen.map(nameOf))})`];
  const having = (status: CenterProfile["status"]) => profiles.filter((profile) => profile.status === status);
  const unchanged = having("unchanged").length;
  return [
    ...told(`Profiles ${would}added`, having("added")),
    ...told(`Profiles ${would}renamed`, having("renamed"), renameIn),
    ...told(`Profiles ${would}updated`, having("updated")),
    ...told(`Profiles ${would}removed, because their role is no longer assigned`, having("removed")),
    ...(unchanged === 0 ? [] : [`Profiles already up to date: ${unchanged}`]),
    ...told("Other profiles with the same role, which stay as they are", having("existing")),
    ...profiles.flatMap(nameNote),
    ...problems.map((problem) => `warning: ${problem}`),
    ...fileLines(input),
    ...failures.flatMap(({ account, error }) => [
      `error: ${toldOf(`Account ${account.name} (${account.id}), whose profiles stay as they are`, error.message)}`,
      `  ${error.hint}`,
    ]),
  ];
}

function nameIn({ name }: CenterProfile): string {
  return name;
}

function renameIn({ name, renamedFrom }: CenterProfile): string {
  return `${name}, previously ${renamedFrom}`;
}

function nameNote({ name, insteadOf }: CenterProfile): string[] {
  return insteadOf === undefined
    ? []
    : [`  (${name}: ${insteadOf} is already the name of a different profile)`];
}

function fileLines({ app, options, setup }: ReportInput): string[] {
  if (options.dryRun) return ["Nothing was written."];
  const files = filesOf(setup);
  return [
    files.length === 0
      ? "No changes were needed."
      : withCommands`Wrote ${files.join(", ")}; undo with ${undoCommand("aws-config")}`,
    canPick(app)
      ? withCommands`Next, pick a cluster: ${ours("setup eks")}, or set up every cluster: ${nextCommand(app, options, setup)}`
      : withCommands`Next, set up kubectl: ${nextCommand(app, options, setup)}`,
  ];
}

/** A cluster is looked for in the region of its profile; without one, in every region. */
function nextCommand({ env }: App, { match }: SetupCenterOptions, { profiles }: CenterSetup): Run {
  const [only, ...others] = profiles.filter(({ status }) => status !== "removed");
  const which = others.length === 0 ? only?.name : match;
  const isRegionKnown =
    ["AWS_REGION", "AWS_DEFAULT_REGION"].some((name) => envValue(env, name) !== undefined) ||
    [only, ...others].every((profile) => profile?.region !== undefined);
  return ours("setup eks", {
    all: true,
    ...(which === undefined ? { "all-profiles": true } : { profile: which }),
    regions: isRegionKnown ? undefined : "all",
  });
}
