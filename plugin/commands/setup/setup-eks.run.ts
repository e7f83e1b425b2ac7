import path from "node:path";
import { EXIT, VouchError } from "../../../token/errors/errors.ts";
import { kubeconfigPaths, namedKubeconfig } from "../../../token/kubeconfig/kubeconfig-files.ts";
import type { App } from "../../app.ts";
import { requireClusterName } from "../../cluster/recorded-cluster.ts";
import { commitChanges } from "../../setup/commit-changes.ts";
import { eksEntries, type FoundSetup, liveClusters } from "../../setup/eks-entries.ts";
import { requireProxyUrl } from "../../setup/eks-entry.ts";
import { type EksPlan, type EksWish, planEks } from "../../setup/eks-plan.ts";
import { approvalsToGive, type ForgottenApproval, forgetLost } from "../../setup/forget-lost.ts";
import { recordClusters } from "../../setup/record-clusters.ts";
import { approvedIn, settleMigrated, settleSetups } from "../../setup/settle-setups.ts";
import { checkSetup, type SetupChecks } from "../../setup/setup-check.ts";
import { EKS_FLAG_RULES, EKS_PATTERN_RULES, validateFlags } from "../../setup/setup-flags.ts";
import type { SetupIdentity } from "../../setup/setup-identity.ts";
import { commonExit, diffOf, setupPlace, writeProblems } from "../../setup/setup-report.ts";
import { reportUndo, undoOrPlan } from "../../setup/undo/undo-report.ts";
import type { UndoWish } from "../../setup/undo/undo-selection.ts";
import type { ColorChoice } from "../../terminal/style.ts";
import { contextsIn } from "../../vouch/vouch-contexts.ts";
import { applySettings } from "../../workplace/cache.ts";
import { usualFolders } from "../../workplace/server-record.ts";
import { Desk } from "../../workplace/workplace.ts";
import { findSetups } from "./setup-eks.find.ts";
import { isPattern, type SetupEksOptions } from "./setup-eks.options.ts";
import { reportEksSetup } from "./setup-eks.report.ts";

/** The exit status is 0, or that of the profiles that could not be set up. */
export async function runSetupEks(
  given: SetupEksOptions,
  app: App,
  color: ColorChoice = "auto",
): Promise<number> {
  validateFlags(given, EKS_FLAG_RULES);
  const desk = new Desk(app);
  requireNamespace(given.namespace);
  requireProxyUrl(given.proxyUrl);
  requireOneProfile(given);
  if (given.undo) {
    await undoEks(given, desk);
    return EXIT.ok;
  }
  if (given.list) return (await import("./setup-eks.list.ts")).runEksList(desk, given);
  const { options, opened } = await meant(desk, given, color);
  if (options.cluster !== undefined) requireClusterName(options.cluster);
  const round = await findSetups(desk, options, { isListing: false, opened });
  const setups = round.done;
  const wish = wishOf(desk, options, setups);

  let plan = planEks(wish);
  const planAnew = () => {
    plan = planEks(wish);
    return plan;
  };
  const diff = options.diff || options.dryRun ? diffOf(plan.changes) : undefined;
  if (options.output === "text") app.io.out(diff ?? "");
  if (!options.dryRun) await settleSetups(app, setups);
  const result = options.dryRun ? plan.result : await commitChanges(setupPlace(desk), planAnew);
  const now = options.dryRun ? [] : contextsIn(wish.paths);
  const {
    forgotten,
    checks = {},
    failure,
  } = options.dryRun
    ? { forgotten: [] }
    : await afterWriting(app, wish, { setups, result, now, kubeconfig: options.kubeconfig });
  reportEksSetup({
    ...{ app, options, round, result, checks, forgotten, diff },
    changes: plan.changes,
    problems: options.dryRun ? writeProblems(plan.changes) : [],
    unsaid: namesOfUnsaid(now),
  });
  if (failure !== undefined) throw failure;
  return commonExit(round.failures);
}

/** The command line, with the cluster that the user picks if it does not say which. */
async function meant(
  desk: Desk,
  given: SetupEksOptions,
  color: ColorChoice,
): Promise<{ readonly options: SetupEksOptions; readonly opened?: SetupIdentity | undefined }> {
  if (given.all || given.cluster !== undefined) return { options: given };
  return (await import("./setup-eks.pick.ts")).pickSetup(desk, given, color);
}

/** What was written is told also where something fails now. */
interface AfterWriting {
  readonly forgotten: readonly ForgottenApproval[];
  readonly checks?: SetupChecks;
  readonly failure?: unknown;
}

async function afterWriting(app: App, wish: EksWish, written: Written): Promise<AfterWriting> {
  const { setups, result } = written;
  try {
    const desk = new Desk(app);
    await settleMigrated(desk, result.migrations, setups);
    const forgotten = await record(desk, wish, written);
    return {
      forgotten,
      checks: await checkSetup(new Desk(app), {
        setups,
        context: result.setups[0],
        kubeconfig: written.kubeconfig,
      }),
    };
  } catch (failure) {
    return { forgotten: [], failure };
  }
}

/** Throws `usage` for a `--profile` that matches several where only one can be meant. */
function requireOneProfile(options: SetupEksOptions): void {
  const { cluster, profile } = options;
  if (!isPattern(profile)) return;
  validateFlags(options, EKS_PATTERN_RULES);
  if (cluster === undefined) return;
  throw new VouchError("usage", `--profile ${profile} can match several profiles, which requires --all.`, {
    hint: "Specify one profile, or use --all.",
  });
}

interface Written {
  readonly setups: readonly FoundSetup[];
  readonly result: EksPlan;
  /** Our contexts as they are now. */
  readonly now: ReturnType<typeof contextsIn>;
  readonly kubeconfig: string | undefined;
}

/**
 * Records which API servers tokens may go to from now on, and whether a client must say which it calls. Returns the programs that
 * may no longer be run.
 */
async function record(
  desk: Desk,
  { entries }: EksWish,
  { result, now }: Written,
): Promise<ForgottenApproval[]> {
  const { app, workplace } = desk;
  const { state } = workplace.folders;
  recordClusters({ state, usual: usualFolders(app)?.state, machine: app }, entries, result);
  const forgotten = await forgetLost(desk, result.before, now);
  await applySettings(desk);
  return forgotten;
}

/** Our contexts whose client does not tell us which cluster it calls. */
function namesOfUnsaid(contexts: Written["now"] = []): string[] {
  return contexts.filter(({ saysCluster }) => !saysCluster).map(({ name }) => name);
}

/** Throws `usage` for a namespace that cannot exist. Source: Kubernetes, "Object Names and IDs", RFC 1123 labels. */
function requireNamespace(name: string | undefined): void {
  if (name === undefined || /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return;
  throw new VouchError("usage", `${JSON.stringify(name)} is not a valid namespace name.`, {
    hint: "It must be at most 63 lowercase letters, digits and hyphens, without a hyphen at the beginning or end.",
  });
}

function wishOf({ app, aws }: Desk, options: SetupEksOptions, setups: readonly FoundSetup[]): EksWish {
  return {
    paths: kubeconfigPaths(app, options.kubeconfig),
    entries: eksEntries(app, setups, options),
    template: options.contextName,
    current: options.keepsCurrent ? "kept" : options.use ? "ours" : "oursWhereNone",
    migrate: options.migrate ? { ...aws, isApproved: approvedIn(app, setups) } : undefined,
    inPlace: options.inPlace,
    ...(options.prune ? { live: liveClusters(setups) } : {}),
  };
}

/** Takes a setup back, and forgets the clusters and approvals that no context of ours needs any more. */
async function undoEks(options: SetupEksOptions, desk: Desk): Promise<void> {
  const { app } = desk;
  const wish = undoWish(app, options);
  const before = contextsIn(wish.files);
  const undone = await undoOrPlan(desk, wish, options);
  const now = contextsIn(wish.files);
  let forgotten: readonly ForgottenApproval[] = [];
  try {
    forgotten = await forgetLost(desk, before, now);
  } finally {
    // Even if something could not be forgotten: the files are restored.
    reportUndo(app, undone, { wish, options, forgotten });
  }
  const lines = approvalsToGive(desk, { before, now }, namedKubeconfig(options.kubeconfig));
  app.io.err(lines.map((line) => `${line}\n`).join(""));
}

/** What `--undo` undoes: the last change of the files that setup would write, of one cluster if one is named. */
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
