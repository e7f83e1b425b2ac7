import path from "node:path";
import { awsConfigPath } from "../../token/aws/aws-profiles.ts";
import { envValue } from "../../token/env.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { VERSION } from "../../token/hot/version.ts";
import { kubeconfigPaths } from "../../token/kubeconfig/kubeconfig-files.ts";
import type { App } from "../app.ts";
import type { ClusterFacts } from "../cluster/cluster-facts.ts";
import { lastingProgram, PROGRAM } from "../program-path.ts";
import type { FoundClusters } from "../setup/cluster-list.ts";
import { commitChanges } from "../setup/commit-changes.ts";
import type { EksEntry } from "../setup/eks-entry.ts";
import { type EksPlan, type EksWish, planEks } from "../setup/eks-plan.ts";
import { forgetLostClusters, recordClusters } from "../setup/record-clusters.ts";
import { checkMint } from "../setup/setup-check.ts";
import { findClusters, type SetupIdentity, setupIdentity } from "../setup/setup-clusters.ts";
import { EKS_FLAG_RULES, validateFlags } from "../setup/setup-flags.ts";
import { diffOf, setupPlace, writeProblems } from "../setup/setup-report.ts";
import { undoAndReport } from "../setup/undo/undo-report.ts";
import type { UndoWish } from "../setup/undo/undo-selection.ts";
import { applySettings } from "../vouch/apply-settings.ts";
import { resolveRole } from "../vouch/role-choice.ts";
import { contextsIn } from "../vouch/vouch-contexts.ts";
import { readWorkplace } from "../vouch/workplace.ts";
import type { SetupEksOptions } from "./setup-eks.options.ts";
import { reportEksSetup } from "./setup-eks.report.ts";

export async function runSetupEks(options: SetupEksOptions, app: App): Promise<void> {
  validateFlags(options, EKS_FLAG_RULES);
  requireNamespace(options.namespace);
  if (options.undo) return undo(options, app);
  if (!options.all && options.cluster === undefined) {
    throw new VouchError("usage", "No cluster was named.", {
      hint: "Say `--cluster NAME`, or `--all` for every cluster of the account.",
    });
  }
  const identity = await setupIdentity(app, resolveRole(options, app), options);
  const found = await findClusters(app, identity, options);
  const wish = wishOf(app, { options, identity, found });

  let plan = planEks(wish);
  const planAnew = () => {
    plan = planEks(wish);
    return plan;
  };
  const diff = options.diff || options.dryRun ? diffOf(plan.changes) : undefined;
  if (options.output === "text") app.io.out(diff ?? "");
  const before = contextsIn(wish.paths);
  const result = options.dryRun ? plan.result : await commitChanges(setupPlace(app), planAnew);
  if (!options.dryRun) await record(app, wish, { result, before });
  const first = found.clusters.find(({ arn }) => arn === result.setups[0]?.clusterArn);
  const mint = options.dryRun ? undefined : await checkMint(app, identity, first);
  reportEksSetup({
    app,
    options,
    found,
    result,
    mint,
    changes: plan.changes,
    problems: options.dryRun ? writeProblems(plan.changes) : [],
    diff,
    identity,
    unsaid: options.dryRun ? [] : namesOfUnsaid(wish),
  });
}

/** Which API servers tokens may go to from now on, and whether a client must say which it calls. */
async function record(
  app: App,
  { paths, entries }: EksWish,
  { result, before }: { readonly result: EksPlan; readonly before: ReturnType<typeof contextsIn> },
): Promise<void> {
  const workplace = readWorkplace(app);
  recordClusters({ state: workplace.folders.state, machine: app }, entries, result);
  forgetLost(app, paths, before);
  await applySettings(app, workplace);
}

/** Our contexts whose client does not tell us which cluster it calls. */
function namesOfUnsaid({ paths }: EksWish): string[] {
  const contexts = contextsIn(paths) ?? [];
  return contexts.filter(({ saysCluster }) => !saysCluster).map(({ name }) => name);
}

/** Takes a setup back, and forgets the clusters that no context of ours names any more. */
async function undo(options: SetupEksOptions, app: App): Promise<void> {
  const wish = undoWish(app, options);
  const before = contextsIn(wish.files);
  await undoAndReport(app, wish, options);
  forgetLost(app, wish.files, before);
}

/** Forgets the clusters of contexts that were there before; undefined where the files could not be read. */
function forgetLost(app: App, paths: readonly string[], before: ReturnType<typeof contextsIn>): void {
  const now = contextsIn(paths);
  if (before === undefined || now === undefined) return;
  forgetLostClusters({ state: readWorkplace(app).folders.state, machine: app }, before, now);
}

/** What `--undo` takes back: the last change of the files that setup would write, of one cluster if one is named. */
function undoWish(app: App, { cluster, region, kubeconfig }: SetupEksOptions): UndoWish {
  const files = kubeconfigPaths(app, kubeconfig);
  const given = kubeconfig === undefined ? {} : { kubeconfig: path.resolve(kubeconfig) };
  if (cluster === undefined) return { kind: "kubeconfig", files, ...given };
  const where = region === undefined ? "" : ` in ${region}`;
  return {
    kind: "kubeconfig",
    files,
    ...given,
    only: {
      what: `cluster ${cluster}${where}`,
      isMeant: (change) =>
        change.cluster?.name === cluster && (region === undefined || change.cluster.region === region),
    },
  };
}

interface WishInput {
  readonly options: SetupEksOptions;
  readonly identity: SetupIdentity;
  readonly found: FoundClusters;
}

/** Throws `usage` for what kubectl would ask for in vain. Source: Kubernetes, "Object Names and IDs", RFC 1123 labels. */
function requireNamespace(name: string | undefined): void {
  if (name === undefined || /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return;
  throw new VouchError("usage", `${JSON.stringify(name)} is not the name of a namespace.`, {
    hint: "It has small letters, digits and hyphens, at most 63, and begins and ends with none of the last.",
  });
}

function wishOf(app: App, { options, identity, found }: WishInput): EksWish {
  const command = commandToWrite(app, options.absolute);
  return {
    paths: kubeconfigPaths(app, options.kubeconfig),
    entries: found.clusters.map((cluster) => entryOf(app, { cluster, options, identity, command })),
    template: options.contextName,
    current: options.keepsCurrent ? "kept" : options.use ? "ours" : "oursWhereNone",
    migrate: options.migrate ? app : undefined,
    inPlace: options.inPlace,
    ...(options.prune ? { live: found.live } : {}),
  };
}

function entryOf(
  app: App,
  {
    cluster,
    options,
    identity,
    command,
  }: {
    readonly cluster: ClusterFacts;
    readonly options: SetupEksOptions;
    readonly identity: SetupIdentity;
    readonly command: string;
  },
): EksEntry {
  const { role, via, server } = identity;
  const configFile =
    envValue(app.env, "AWS_CONFIG_FILE") === undefined ? undefined : awsConfigPath(app.env, app.homeDir);
  return {
    clusterName: cluster.name,
    partition: cluster.partition,
    region: cluster.region,
    accountId: cluster.accountId,
    endpoint: cluster.endpoint,
    caData: cluster.caData,
    source: { kind: "vouch", role, via, server, account: options.account },
    command,
    interactive: options.interactive,
    version: VERSION,
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    ...(configFile === undefined ? {} : { awsConfigFile: configFile }),
  };
}

/** The bare name works wherever PATH has us; else, and with `--absolute`, the path with its links not followed. */
function commandToWrite(app: App, absolute: boolean): string {
  const program = lastingProgram(app);
  if (program === undefined) {
    app.io.err(
      `warning: ${PROGRAM} is not on your PATH, so kubectl will not find it. Install it: kubectl krew install vouch\n`,
    );
    return PROGRAM;
  }
  return absolute || !program.onPath ? program.path : PROGRAM;
}
