import type { Identity } from "../../token/kubeconfig/identity.ts";
import { namedKubeconfig } from "../../token/kubeconfig/kubeconfig-files.ts";
import { timestamp } from "../../token/text/time.ts";
import type { App } from "../app.ts";
import type { BodyOf } from "../kinds/kinds.ts";
import type { ProfileFailure, ProfileRound } from "../setup/all-profiles.ts";
import { changedEntries } from "../setup/changed-entries.ts";
import type { FoundSetup } from "../setup/eks-entries.ts";
import type { EksPlan } from "../setup/eks-plan.ts";
import type { EksSetup } from "../setup/eks-setup.ts";
import type { FileChange } from "../setup/file-change.ts";
import { type ForgottenApproval, forgottenObject } from "../setup/forget-approvals.ts";
import type { Migration } from "../setup/migrate-users.ts";
import { migrationAdvice } from "../setup/migration-advice.ts";
import type { SetupCheck } from "../setup/setup-check.ts";
import { undoWords } from "../setup/setup-report.ts";
import type { SetupEksOptions } from "./setup-eks.options.ts";

/** What a setup did, for its reports. */
export interface ReportInput {
  readonly app: App;
  readonly options: SetupEksOptions;
  readonly round: ProfileRound<FoundSetup>;
  readonly result: EksPlan;
  /** Undefined with `--dry-run`, or when there is no cluster. */
  readonly check: SetupCheck | undefined;
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
export function asObject(input: ReportInput): BodyOf<"EksSetup"> {
  const { app, options, round, result, check, forgotten, changes, problems, diff } = input;
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
    warnings: [...warningsOf(round), ...problems],
    ...(options.allProfiles
      ? { failures: round.failures.map(failureObject), passedOver: round.passedOver }
      : {}),
    ...(diff === undefined ? {} : { diff }),
    ...(isWritten ? { undo: undoWords(app.programName, "kubeconfig", options.kubeconfig) } : {}),
    ...(check === undefined
      ? {}
      : { token: "expires" in check ? { ...check, expires: timestamp(check.expires) } : check }),
  };
}

export function filesOf(changes: readonly FileChange[]): string[] {
  return changes.map(({ path: file }) => file);
}

/** Each context states its own identity, for one cluster as for all profiles. */
function contextObject(
  { source, ...setup }: EksSetup,
  { done }: ProfileRound<FoundSetup>,
): BodyOf<"EksSetup">["contexts"][number] {
  const clusters = done.flatMap(({ found }) => found.clusters);
  const mode = clusters.find(({ arn }) => arn === setup.clusterArn)?.authenticationMode;
  return { ...setup, ...awsObject(source), authenticationMode: mode };
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

function failureObject({ profile, error }: ProfileFailure) {
  return { profile, code: error.code, message: error.message, hint: error.hint };
}

/** Each warning once, however many clusters and regions there are. */
export function warningsOf({ done }: ProfileRound<FoundSetup>): string[] {
  const all = done.flatMap(({ identity, found }) => [
    ...found.clusters.flatMap(({ warnings }) => warnings),
    ...identity.warnings,
  ]);
  return [...new Set(all)];
}

function migrationObject(migration: Migration, input: ReportInput): BodyOf<"EksSetup">["migrations"][number] {
  const { replaceable: _contexts, source: _source, ...shown } = migration;
  return { ...shown, advice: adviceFor(migration, input) };
}

/** What a person can do with an entry that stays as it is. */
export function adviceFor(migration: Migration, { options, round, result }: ReportInput): string | undefined {
  return migrationAdvice(migration, {
    setups: result.setups,
    source: round.done.length === 1 ? round.done[0]?.identity.source : undefined,
    inPlace: options.inPlace,
    kubeconfig: namedKubeconfig(options.kubeconfig),
  });
}
