import { run } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { describeIdentity, type Identity, safeguardsObject } from "../../../token/kubeconfig/identity.ts";
import { namedKubeconfig } from "../../../token/kubeconfig/kubeconfig-files.ts";
import type { App } from "../../app.ts";
import type { BodyOf } from "../../kinds/kinds.ts";
import type { ProfileRound } from "../../setup/all-profiles.ts";
import { changedEntries } from "../../setup/changed-entries.ts";
import { currentContextLines } from "../../setup/current-context-lines.ts";
import type { FoundSetup } from "../../setup/eks-entries.ts";
import type { EksPlan } from "../../setup/eks-plan.ts";
import type { EksSetup } from "../../setup/eks-setup.ts";
import { type ForgottenApproval, forgottenLine, forgottenObject } from "../../setup/forget-lost.ts";
import type { Migration } from "../../setup/migrate-users.ts";
import type { SetupChecks } from "../../setup/setup-check.ts";
import type { FileChange } from "../../setup/setup-journal.ts";
import {
  failureObject,
  passedObjects,
  profileLines,
  searchLines,
  skippedLines,
  undoWords,
} from "../../setup/setup-report.ts";
import { undoCommand } from "../../setup/undo/undo-selection.ts";
import { printObject } from "../../terminal/output.ts";
import { checkLines, checksObject } from "./setup-eks.checks.ts";
import { isForProfiles, type SetupEksOptions } from "./setup-eks.options.ts";

/** Says what was set up, checked and left alone. */
export function reportEksSetup(input: ReportInput): void {
  const { app, options } = input;
  if (options.output !== "text") printObject(app, options.output, "EksSetup", asObject(input));
  else app.io.err(asText(input));
}

const DONE: Readonly<Record<EksSetup["status"], string>> = {
  added: "added",
  updated: "updated",
  unchanged: "was already up to date",
};
const WOULD_BE: Readonly<Record<EksSetup["status"], string>> = {
  added: "would be added",
  updated: "would be updated",
  unchanged: "is already up to date",
};

function asText(input: ReportInput): string {
  const { options, round, result, unsaid } = input;
  const found = round.done.map((setup) => setup.found);
  const lines = [
    ...setupLines(result.setups, options),
    ...result.migrations.map((migration) => migrationLine(migration, input)),
    ...notInPlace(input),
    ...result.pruned.map(
      ({ context, clusterArn }) =>
        `Context ${context} ${options.dryRun ? "would be" : "was"} removed: ${clusterArn} no longer exists`,
    ),
    ...input.forgotten.map(forgottenLine),
    ...(unsaid.length === 0 ? [] : [unsaidLine(unsaid)]),
    ...nothingFound(options, result),
    ...currentContextLines(result, {
      dryRun: options.dryRun,
      kubeconfig: namedKubeconfig(options.kubeconfig),
    }),
    ...skippedLines(found),
    ...searchLines(found, options),
    ...warningsOf(input).map((warning) => `warning: ${warning}`),
    ...input.problems.map((problem) => `warning: ${problem}`),
  ];
  if (found.every(({ clusters }) => clusters.length === 0)) lines.push("No clusters found to set up.");
  else lines.push(...identityLines(round), ...checkedLines(input), ...fileLines(input));
  lines.push(...profileLines(round));
  return `${lines.join("\n")}\n`;
}

/** The identity of the contexts, if they have a single one. */
function identityLines({ done }: ProfileRound<FoundSetup>): string[] {
  const [setup, ...others] = done;
  if (setup === undefined || others.length > 0) return [];
  const { source } = setup.identity;
  const through = source.via.length === 0 ? "" : ` through ${source.via.join(", ")}`;
  const what = source.kind === "vouch" ? "Role" : "Credentials";
  return [`${what}: ${describeIdentity(source)}${through}`];
}

/** A line for each context, with its notes; more than one that did not change share a line. */
function setupLines(setups: readonly EksSetup[], { dryRun }: Pick<SetupEksOptions, "dryRun">): string[] {
  const words = dryRun ? WOULD_BE : DONE;
  const unchanged = setups.filter(({ status }) => status === "unchanged");
  const told = unchanged.length > 1 ? setups.filter(({ status }) => status !== "unchanged") : setups;
  return [
    ...told.flatMap((setup) => [
      `Context ${setup.context} ${words[setup.status]}: ${setup.clusterArn}`,
      ...(setup.renamedFrom === undefined ? [] : [`  (its name was ${setup.renamedFrom})`]),
      ...nameNotes(setup),
    ]),
    ...(unchanged.length > 1
      ? [`${unchanged.length} contexts ${dryRun ? "are" : "were"} already up to date.`]
      : []),
  ];
}

function nameNotes(setup: EksSetup): string[] {
  const { insteadOf, also, tlsServerName, removedName, proxyUrl, tunnel, safeguards } = setup;
  return [
    ...(safeguards.agentRole === undefined
      ? []
      : [
          `  (AI agents get ${safeguards.agentRole} instead; an agent that hides its variables is not detected)`,
        ]),
    ...(safeguards.isProtected === true
      ? [
          "  (protected: kubectl asks before it changes something; this prevents accidents, and is not a security boundary)",
        ]
      : []),
    ...(proxyUrl === undefined ? [] : [`  (kubectl connects to it through its proxy-url ${proxyUrl})`]),
    ...(tunnel === undefined ? [] : [`  (its server is still ${tunnel}, the local end of a tunnel)`]),
    ...(removedName === undefined
      ? []
      : [`  (tls-server-name ${removedName} removed: the cluster's certificate is not valid for it)`]),
    ...(tlsServerName === undefined
      ? []
      : [`  (its tls-server-name is still ${tlsServerName}: tokens are issued only for that name)`]),
    ...(insteadOf === undefined
      ? []
      : [`  (${insteadOf} is already the name of a context for a different cluster or identity)`]),
    ...(also.length === 0
      ? []
      : [
          `  (${also.length === 1 ? "context" : "contexts"} ${also.join(", ")} already ${also.length === 1 ? "points" : "point"} to this cluster with the same identity, and ${also.length === 1 ? "is" : "are"} unchanged)`,
        ]),
  ];
}

function unsaidLine(contexts: readonly string[]): string {
  return `(${contexts.join(", ")}: kubectl does not tell kubectl-vouch which cluster it connects to; to change that, set it up again)`;
}

/** Says so for flags that had nothing to do. */
function nothingFound({ migrate, prune }: SetupEksOptions, { migrations, pruned }: EksPlan): string[] {
  return [
    ...(migrate && migrations.length === 0
      ? ["Nothing to migrate: no user entry for these clusters runs aws, aws-iam-authenticator or vouch."]
      : []),
    ...(prune && pruned.length === 0
      ? ["Nothing to prune: all clusters of our contexts still exist, as far as the search went."]
      : []),
  ];
}

function migrationLine(migration: Migration, input: ReportInput): string {
  const { user, was, migrated, contexts, reason } = migration;
  const { dryRun } = input.options;
  const used =
    contexts.length === 0
      ? ""
      : ` (${contexts.length === 1 ? "context" : "contexts"} ${contexts.join(", ")})`;
  if (migrated)
    return `User ${user}${used} ${dryRun ? "would switch" : "switched"} from ${was.by} to kubectl-vouch: ${reason}`;
  const advice = adviceFor(migration, input);
  return `User ${user}${used} stays with ${was.by}: ${reason}${advice === undefined ? "" : `; ${advice}`}`;
}

/** Clusters that no context calls through us: `--in-place` adds none. */
function notInPlace({ options, round, result }: ReportInput): string[] {
  if (!options.inPlace) return [];
  const switched = [...result.setups, ...result.migrations.filter(({ migrated }) => migrated)];
  const without = round.done
    .flatMap(({ found }) => found.clusters)
    .filter(({ arn }) => !switched.some(({ clusterArn }) => clusterArn === arn));
  if (without.length === 0) return [];
  const names = without.map(({ name }) => name).join(", ");
  return [`Found no context to switch for ${names}; without --in-place, setup adds one.`];
}

function checkedLines({ options, checks, result: { setups } }: ReportInput): string[] {
  return checkLines(checks, { setups, kubeconfig: namedKubeconfig(options.kubeconfig) });
}

function fileLines({ options, result, changes }: ReportInput): string[] {
  const files = filesOf(changes);
  const [setup] = result.setups;
  const kubeconfig = namedKubeconfig(options.kubeconfig);
  if (options.dryRun)
    return [
      files.length === 0
        ? "No changes would be made."
        : `Nothing was written; without --dry-run, setup writes ${files.join(", ")}`,
    ];
  const wrote =
    files.length === 0
      ? "No changes were needed."
      : withCommands`Wrote ${files.join(", ")}; undo with ${undoCommand("kubeconfig", { kubeconfig })}`;
  return [
    wrote,
    ...(setup === undefined
      ? []
      : [withCommands`Try it: ${run("kubectl", "get pods", { context: setup.context, kubeconfig })}`]),
  ];
}

/** What a setup did, for its reports. */
interface ReportInput {
  readonly app: App;
  readonly options: SetupEksOptions;
  readonly round: ProfileRound<FoundSetup>;
  readonly result: EksPlan;
  /** Empty with `--dry-run`, or when there is no cluster. */
  readonly checks: SetupChecks;
  /** Approvals of the contexts that were removed. */
  readonly forgotten: readonly ForgottenApproval[];
  /** What was written, or would be. */
  readonly changes: readonly FileChange[];
  /** Contexts of ours whose client does not tell us which cluster it calls. */
  readonly unsaid: readonly string[];
  /** With `--dry-run`: why they could not be written. */
  readonly problems: readonly string[];
  readonly diff: string | undefined;
}

/** The report as an object for programs. */
function asObject(input: ReportInput): BodyOf<"EksSetup"> {
  const { app, options, round, result, checks, forgotten, changes, problems, diff } = input;
  const isWritten = !options.dryRun && changes.length > 0;
  return {
    dryRun: options.dryRun,
    files: filesOf(changes),
    changes: changedEntries(changes),
    contexts: result.setups.map((setup) => contextObject(setup, round)),
    ...identityObject(round),
    migrations: result.migrations.map((migration) => migrationObject(migration, input)),
    pruned: result.pruned,
    ...forgottenObject(forgotten),
    leftCurrentContexts: result.leftCurrentContexts,
    currentContext: {
      before: result.currentContext.before ?? null,
      after: result.currentContext.after ?? null,
    },
    notSearched: round.done.flatMap(({ found }) => found.notSearched),
    skipped: round.done.flatMap(({ found }) => found.skipped),
    warnings: [...warningsOf(input), ...problems],
    ...(isForProfiles(options)
      ? { failures: round.failures.map(failureObject), passedOver: passedObjects(round) }
      : {}),
    ...(diff === undefined ? {} : { diff }),
    ...(isWritten ? { undo: undoWords(app.programName, "kubeconfig", options.kubeconfig) } : {}),
    ...checksObject(checks),
  };
}

function filesOf(changes: readonly FileChange[]): string[] {
  return changes.map(({ path: file }) => file);
}

/** Each context states its own identity, for one cluster as for all profiles. */
function contextObject(
  { source, safeguards, ...setup }: EksSetup,
  { done }: ProfileRound<FoundSetup>,
): BodyOf<"EksSetup">["contexts"][number] {
  const clusters = done.flatMap(({ found }) => found.clusters);
  const mode = clusters.find(({ arn }) => arn === setup.clusterArn)?.authenticationMode;
  return { ...setup, ...awsObject(source), ...safeguardsObject(safeguards), authenticationMode: mode };
}

/** What only contexts of AWS profiles and of callers have. */
function awsObject(source: Identity) {
  if (source.kind === "vouch") return {};
  const { role, profile } = source;
  return profile === undefined
    ? ({ by: "ambient", role } as const)
    : ({ by: "profile", role, profile } as const);
}

/** The identity of the contexts, if they have a single one. */
function identityObject({
  done,
}: ProfileRound<FoundSetup>): Pick<
  BodyOf<"EksSetup">,
  "role" | "via" | "server" | "identity" | "profile" | "ambient"
> {
  const [setup, ...others] = done;
  if (setup === undefined || others.length > 0) return { via: [] };
  const { source, access } = setup.identity;
  const { role, via } = source;
  if (source.kind === "vouch") return { role, via, server: source.server, identity: access?.entry.identity };
  return { role, via, ...(source.profile === undefined ? { ambient: true } : { profile: source.profile }) };
}

/** Each warning once, however many clusters and regions there are. */
function warningsOf({ round: { done }, result }: ReportInput): string[] {
  const isAgentLimited = result.setups.every(({ safeguards }) => safeguards.agentRole !== undefined);
  const all = done.flatMap(({ identity, found }) => [
    ...found.clusters.flatMap(({ warnings }) => warnings),
    ...identity.warnings,
    ...(isAgentLimited || identity.agentWarning === undefined ? [] : [identity.agentWarning]),
  ]);
  return [...new Set(all)];
}

function migrationObject(migration: Migration, input: ReportInput): BodyOf<"EksSetup">["migrations"][number] {
  const { replaceable: _contexts, source: _source, ...shown } = migration;
  return { ...shown, advice: adviceFor(migration, input) };
}

/** What the person can do with an entry that was left alone; undefined if it is another role, and right as it is. */
function adviceFor(
  { migrated, replaceable, clusterArn }: Migration,
  { options, round: { done }, result }: ReportInput,
): string | undefined {
  const [context, ...others] = replaceable;
  if (migrated || context === undefined) return undefined;
  const [only] = done;
  if (options.inPlace)
    return only === undefined || done.length > 1
      ? undefined
      : `if ${describeIdentity(only.identity.source)} is meant, run setup without --in-place, which adds a kubectl-vouch context`;
  const setup = result.setups.find((one) => one.clusterArn === clusterArn);
  if (setup === undefined) return undefined;
  const { cluster, user } = setup;
  const kubeconfig = namedKubeconfig(options.kubeconfig);
  const likewise = others.length === 0 ? "" : `, likewise for ${others.join(", ")}`;
  return withCommands`if ${describeIdentity(setup.source)} is meant: ${run("kubectl", "config set-context", { cluster, user, kubeconfig }, context)}${likewise}`;
}
