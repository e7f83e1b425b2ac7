import { ours, run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { namedKubeconfig } from "../../token/kubeconfig/kubeconfig-files.ts";
import type { App } from "../app.ts";
import type { BodyOf } from "../kinds/kinds.ts";
import { changedEntries } from "../setup/changed-entries.ts";
import type { FoundClusters } from "../setup/cluster-list.ts";
import { currentContextLines } from "../setup/current-context-lines.ts";
import type { EksPlan } from "../setup/eks-plan.ts";
import type { EksSetup } from "../setup/eks-setup.ts";
import type { FileChange } from "../setup/file-change.ts";
import type { Migration } from "../setup/migrate-users.ts";
import { migrationAdvice } from "../setup/migration-advice.ts";
import type { MintCheck } from "../setup/setup-check.ts";
import type { SetupIdentity } from "../setup/setup-clusters.ts";
import { undoWords } from "../setup/setup-report.ts";
import { undoCommand } from "../setup/undo/undo-selection.ts";
import { duration, printObject, timestamp } from "../terminal/output.ts";
import type { SetupEksOptions } from "./setup-eks.options.ts";

interface ReportInput {
  readonly app: App;
  readonly options: SetupEksOptions;
  readonly identity: SetupIdentity;
  readonly found: FoundClusters;
  readonly result: EksPlan;
  /** Undefined with `--dry-run`, or when there is no cluster. */
  readonly mint: MintCheck | undefined;
  /** What was written, or would be. */
  readonly changes: readonly FileChange[];
  /** Contexts of ours whose client does not tell us which cluster it calls. */
  readonly unsaid: readonly string[];
  /** With `--dry-run`: why they could not be written. */
  readonly problems: readonly string[];
  readonly diff: string | undefined;
}

/** Says what was set up, checked and left alone. */
export function reportEksSetup(input: ReportInput): void {
  const { app, options } = input;
  if (options.output !== "text") printObject(app, options.output, "EksSetup", asObject(input));
  else app.io.err(asText(input));
}

function asObject(input: ReportInput): BodyOf<"EksSetup"> {
  const { app, options, identity, found, result, mint, changes, problems, diff } = input;
  const isWritten = !options.dryRun && changes.length > 0;
  return {
    dryRun: options.dryRun,
    files: filesOf(changes),
    changes: changedEntries(changes),
    contexts: result.setups.map((setup) => ({ ...setup, authenticationMode: modeOf(found, setup) })),
    role: identity.role,
    via: identity.via,
    server: identity.server,
    identity: identity.access.entry.identity,
    migrations: result.migrations.map((migration) => migrationObject(migration, input)),
    pruned: result.pruned,
    leftCurrentContexts: result.leftCurrentContexts,
    currentContext: {
      before: result.currentContext.before ?? null,
      after: result.currentContext.after ?? null,
    },
    skipped: found.skipped,
    warnings: [...found.clusters.flatMap(({ warnings }) => warnings), ...problems],
    ...(diff === undefined ? {} : { diff }),
    ...(isWritten ? { undo: undoWords(app.programName, "kubeconfig", options.kubeconfig) } : {}),
    ...(mint === undefined ? {} : { token: "expires" in mint ? { expires: timestamp(mint.expires) } : mint }),
  };
}

function filesOf(changes: readonly FileChange[]): string[] {
  return changes.map(({ path: file }) => file);
}

function modeOf({ clusters }: FoundClusters, { clusterArn }: EksSetup): string | undefined {
  return clusters.find(({ arn }) => arn === clusterArn)?.authenticationMode;
}

const DONE: Readonly<Record<EksSetup["status"], string>> = {
  added: "added",
  updated: "updated",
  unchanged: "was already as it should be",
};
const WOULD_BE: Readonly<Record<EksSetup["status"], string>> = {
  added: "would be added",
  updated: "would be updated",
  unchanged: "is already as it should be",
};

function asText(input: ReportInput): string {
  const { options, identity, found, result, unsaid } = input;
  const words = options.dryRun ? WOULD_BE : DONE;
  const lines = [
    ...result.setups.map((setup) => `Context ${setup.context} ${words[setup.status]}: ${setup.clusterArn}`),
    ...result.setups.flatMap(nameNotes),
    ...result.migrations.map((migration) => migrationLine(migration, input)),
    ...notInPlace(input),
    ...result.pruned.map(
      ({ context, clusterArn }) =>
        `Context ${context} ${options.dryRun ? "would be" : "was"} removed: ${clusterArn} is gone`,
    ),
    ...(unsaid.length === 0 ? [] : [unsaidLine(unsaid)]),
    ...nothingFound(options, result),
    ...currentContextLines(result, {
      dryRun: options.dryRun,
      kubeconfig: namedKubeconfig(options.kubeconfig),
    }),
    ...found.skipped.map(({ name, region, reason }) => `Skipped ${name} in ${region}: ${reason}`),
    ...found.clusters.flatMap(({ warnings }) => warnings.map((warning) => `warning: ${warning}`)),
    ...input.problems.map((problem) => `warning: ${problem}`),
  ];
  if (found.clusters.length === 0) lines.push("No cluster was found to set up.");
  else
    lines.push(
      `Role: ${identity.role}${identity.via.length === 0 ? "" : ` through ${identity.via.join(", ")}`}`,
      ...mintLines(input),
      ...fileLines(input),
    );
  return `${lines.join("\n")}\n`;
}

function nameNotes({ context, insteadOf, also, tlsServerName }: EksSetup): string[] {
  return [
    ...(tlsServerName === undefined
      ? []
      : [`  (its tls-server-name stays: tokens are given for ${tlsServerName} only)`]),
    ...(insteadOf === undefined ? [] : [`  (not ${insteadOf}: another cluster or role has that name)`]),
    ...(also.length === 0
      ? []
      : [`  (also for this cluster and role, left as they are: ${also.join(", ")}; this one is ${context})`]),
  ];
}

function unsaidLine(contexts: readonly string[]): string {
  return `(${contexts.join(", ")}: kubectl does not tell which cluster it calls there; to write that into the entry, set it up again)`;
}

/** Flags that had nothing to do say so. */
function nothingFound({ migrate, prune }: SetupEksOptions, { migrations, pruned }: EksPlan): string[] {
  return [
    ...(migrate && migrations.length === 0
      ? ["Nothing to migrate: no user of these clusters runs aws, aws-iam-authenticator or vouch."]
      : []),
    ...(prune && pruned.length === 0
      ? ["Nothing to prune: no context of ours is for a cluster that is gone."]
      : []),
  ];
}

function migrationLine(migration: Migration, input: ReportInput): string {
  const { user, was, migrated, contexts, reason } = migration;
  const { dryRun } = input.options;
  const used = contexts.length === 0 ? "" : ` (context ${contexts.join(", ")})`;
  if (migrated)
    return `User ${user}${used} ${dryRun ? "would switch" : "switched"} from ${was.by} to kubectl-vouch: ${reason}`;
  const advice = adviceFor(migration, input);
  return `User ${user}${used} stays with ${was.by}: ${reason}${advice === undefined ? "" : `; ${advice}`}`;
}

function migrationObject(migration: Migration, input: ReportInput): BodyOf<"EksSetup">["migrations"][number] {
  const { replaceable: _contexts, ...shown } = migration;
  return { ...shown, advice: adviceFor(migration, input) };
}

function adviceFor(migration: Migration, { options, identity, result }: ReportInput): string | undefined {
  return migrationAdvice(migration, {
    setups: result.setups,
    role: identity.role,
    inPlace: options.inPlace,
    kubeconfig: namedKubeconfig(options.kubeconfig),
  });
}

/** Clusters that no context calls as the role: `--in-place` adds none. */
function notInPlace({ options, found, result }: ReportInput): string[] {
  if (!options.inPlace) return [];
  const without = found.clusters.filter(
    ({ arn }) => !result.setups.some(({ clusterArn }) => clusterArn === arn),
  );
  if (without.length === 0) return [];
  const names = without.map(({ name }) => name).join(", ");
  return [`No context was there to switch for ${names}; without --in-place, setup adds one.`];
}

function mintLines({ app, options, mint, result }: ReportInput): string[] {
  if (mint === undefined) return [];
  if ("problem" in mint) return [`warning: no token could be minted: ${mint.problem}`];
  const context = result.setups[0]?.context;
  return [
    withCommands`Checked: a token was minted, good for ${duration(mint.expires - app.clock())}; whether the cluster lets the role in: ${ours("doctor", { context, kubeconfig: namedKubeconfig(options.kubeconfig) })}`,
  ];
}

function fileLines({ options, result, changes }: ReportInput): string[] {
  const files = filesOf(changes);
  const [setup] = result.setups;
  const kubeconfig = namedKubeconfig(options.kubeconfig);
  if (options.dryRun)
    return [
      files.length === 0
        ? "Nothing would be written."
        : `Nothing was written; without --dry-run: ${files.join(", ")}`,
    ];
  const wrote =
    files.length === 0
      ? "Nothing had to be written."
      : withCommands`Wrote ${files.join(", ")}; take it back with ${undoCommand("kubeconfig", { kubeconfig })}`;
  return [
    wrote,
    ...(setup === undefined
      ? []
      : [withCommands`Try it: ${run("kubectl", "get pods", { context: setup.context, kubeconfig })}`]),
  ];
}
