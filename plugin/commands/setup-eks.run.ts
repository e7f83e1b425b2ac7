import path from "node:path";
import { ours, type Run } from "../../token/command/command.ts";
import { ERRORS } from "../../token/errors/error-table.ts";
import { EXIT, VouchError } from "../../token/errors/errors.ts";
import { withHints } from "../../token/errors/with-hints.ts";
import { kubeconfigPaths, namedKubeconfig } from "../../token/kubeconfig/kubeconfig-files.ts";
import type { App } from "../app.ts";
import { chooseSource, type SourceChoice } from "../aws/source-choice.ts";
import { forEachProfile, type ProfileRound } from "../setup/all-profiles.ts";
import { commitChanges } from "../setup/commit-changes.ts";
import { eksEntries, type FoundSetup, liveClusters } from "../setup/eks-entries.ts";
import { type EksPlan, type EksWish, planEks } from "../setup/eks-plan.ts";
import { approvalsToGive, type ForgottenApproval, forgetLostApprovals } from "../setup/forget-approvals.ts";
import { forgetLostClusters, recordClusters } from "../setup/record-clusters.ts";
import { approvedIn, settleMigrated, settleSetups } from "../setup/settle-setups.ts";
import { checkMint } from "../setup/setup-check.ts";
import { findClusters } from "../setup/setup-clusters.ts";
import { EKS_FLAG_RULES, givenOptions, validateFlags } from "../setup/setup-flags.ts";
import { setupHints } from "../setup/setup-hints.ts";
import { setupIdentity } from "../setup/setup-identity.ts";
import { diffOf, setupPlace, writeProblems } from "../setup/setup-report.ts";
import { reportUndo, undoOrPlan } from "../setup/undo/undo-report.ts";
import type { UndoWish } from "../setup/undo/undo-selection.ts";
import { applySettings } from "../vouch/apply-settings.ts";
import { contextsIn } from "../vouch/vouch-contexts.ts";
import { readWorkplace } from "../vouch/workplace.ts";
import { OPTIONS, type SetupEksOptions } from "./setup-eks.options.ts";
import { reportEksSetup } from "./setup-eks.report.ts";

/** The exit status is 0, or says why a profile could not be set up. */
export async function runSetupEks(options: SetupEksOptions, app: App): Promise<number> {
  validateFlags(options, EKS_FLAG_RULES);
  requireNamespace(options.namespace);
  if (options.undo) {
    await undo(options, app);
    return EXIT.ok;
  }
  if (!options.all && options.cluster === undefined) {
    throw new VouchError("usage", "No cluster was named.", {
      hint: "Say `--cluster NAME`, or `--all` for every cluster of the account.",
    });
  }
  const round = await findSetups(app, options);
  const setups = round.done;
  const wish = wishOf(app, options, setups);

  let plan = planEks(wish);
  const planAnew = () => {
    plan = planEks(wish);
    return plan;
  };
  const diff = options.diff || options.dryRun ? diffOf(plan.changes) : undefined;
  if (options.output === "text") app.io.out(diff ?? "");
  const before = contextsIn(wish.paths);
  if (!options.dryRun) await settleSetups(app, setups);
  const result = options.dryRun ? plan.result : await commitChanges(setupPlace(app), planAnew);
  if (!options.dryRun) await settleMigrated(app, result.migrations, setups);
  const forgotten = options.dryRun ? [] : await record(app, wish, { result, before });
  const mint = options.dryRun ? undefined : await checkMint(app, setups, result.setups[0]);
  reportEksSetup({
    ...{ app, options, round, result, mint, forgotten, diff },
    changes: plan.changes,
    problems: options.dryRun ? writeProblems(plan.changes) : [],
    unsaid: options.dryRun ? [] : namesOfUnsaid(wish),
  });
  return exitOf(round);
}

/** One identity and its clusters, or those of every profile. */
async function findSetups(app: App, options: SetupEksOptions): Promise<ProfileRound<FoundSetup>> {
  const setUp = async (choice: SourceChoice): Promise<FoundSetup> => {
    const found = async () => {
      const again = againWith({ ...options, approveProcess: true });
      const identity = await setupIdentity(app, choice, { options, again });
      return { identity, found: await findClusters(app, identity, options) };
    };
    return withHints(() => setupHints(choice, options, againWith(options)), found());
  };
  if (options.allProfiles)
    return forEachProfile(app, {
      choose: (profile) => chooseSource({ ...options, profile }, app),
      areRegionsGiven: options.regions.length > 0,
      setUp,
    });
  return {
    done: [await setUp(chooseSource({ ...options, again: againWith(options) }, app))],
    failures: [],
    passedOver: [],
  };
}

/** This very command. */
function againWith({ kubeconfig, output, ...options }: SetupEksOptions): Run {
  const given = givenOptions({
    ...options,
    kubeconfig: namedKubeconfig(kubeconfig),
    output: output === OPTIONS.output.default ? undefined : output,
  });
  return ours("setup eks", Object.fromEntries(FLAGS.map((flag) => [flag, given[flag]])));
}

/** By the name that help shows. */
const FLAGS = Object.entries(OPTIONS).flatMap(([flag, option]) => ("hidden" in option ? [] : [flag]));

/** What all failures come to; different ones are a general failure. */
function exitOf({ failures }: ProfileRound<FoundSetup>): number {
  const [first, ...others] = new Set(failures.map(({ error }) => ERRORS[error.code].exit));
  if (first === undefined) return EXIT.ok;
  return others.length === 0 ? first : EXIT.general;
}

/**
 * Which API servers tokens may go to from now on, and whether a client must say which it calls. Returns what may be run no more.
 */
async function record(
  app: App,
  { paths, entries }: EksWish,
  { result, before }: { readonly result: EksPlan; readonly before: ReturnType<typeof contextsIn> },
): Promise<ForgottenApproval[]> {
  const workplace = readWorkplace(app);
  recordClusters({ state: workplace.folders.state, machine: app }, entries, result);
  const forgotten = await forgetLost(app, paths, before);
  await applySettings(app, workplace);
  return forgotten;
}

/** Our contexts whose client does not tell us which cluster it calls. */
function namesOfUnsaid({ paths }: EksWish): string[] {
  const contexts = contextsIn(paths) ?? [];
  return contexts.filter(({ saysCluster }) => !saysCluster).map(({ name }) => name);
}

/** Takes a setup back, and forgets the clusters and approvals that no context of ours needs any more. */
async function undo(options: SetupEksOptions, app: App): Promise<void> {
  const wish = undoWish(app, options);
  const before = contextsIn(wish.files);
  const undone = await undoOrPlan(app, wish, options);
  let forgotten: readonly ForgottenApproval[] = [];
  try {
    forgotten = await forgetLost(app, wish.files, before);
  } finally {
    // Also where something could not be forgotten: the files are as they were.
    reportUndo(app, undone, { wish, options, forgotten });
  }
  const lines = approvalsToGive(
    app,
    { before, now: contextsIn(wish.files) },
    namedKubeconfig(options.kubeconfig),
  );
  app.io.err(lines.map((line) => `${line}\n`).join(""));
}

/**
 * Forgets what only contexts needed that were there before; those are undefined where the files could not be read. Returns what may
 * be run no more.
 */
async function forgetLost(
  app: App,
  paths: readonly string[],
  before: ReturnType<typeof contextsIn>,
): Promise<ForgottenApproval[]> {
  const now = contextsIn(paths);
  if (before === undefined || now === undefined) return [];
  forgetLostClusters({ state: readWorkplace(app).folders.state, machine: app }, before, now);
  return forgetLostApprovals(app, before, now);
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

/** Throws `usage` for what kubectl would ask for in vain. Source: Kubernetes, "Object Names and IDs", RFC 1123 labels. */
function requireNamespace(name: string | undefined): void {
  if (name === undefined || /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return;
  throw new VouchError("usage", `${JSON.stringify(name)} is not the name of a namespace.`, {
    hint: "It has small letters, digits and hyphens, at most 63, and begins and ends with none of the last.",
  });
}

function wishOf(app: App, options: SetupEksOptions, setups: readonly FoundSetup[]): EksWish {
  return {
    paths: kubeconfigPaths(app, options.kubeconfig),
    entries: eksEntries(app, setups, options),
    template: options.contextName,
    current: options.keepsCurrent ? "kept" : options.use ? "ours" : "oursWhereNone",
    migrate: options.migrate ? { ...app, isApproved: approvedIn(app, setups) } : undefined,
    inPlace: options.inPlace,
    ...(options.prune ? { live: liveClusters(setups) } : {}),
  };
}
