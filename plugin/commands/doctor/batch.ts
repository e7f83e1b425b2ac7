import path from "node:path";
import {
  type Case,
  caseOf,
  check,
  completeEvidence,
  type DoctorEvidence,
  gatherForEach,
  groupByCluster,
  knownValue,
  planFor,
} from "../../../doctor/doctor.ts";
import { EXIT, reasonOf, VouchError } from "../../../token/errors/errors.ts";
import { namedKubeconfig, readChosenKubeconfigs } from "../../../token/kubeconfig/kubeconfig-files.ts";
import type { App } from "../../app.ts";
import { withProgress } from "../../terminal/progress.ts";
import type { CommandContext } from "../options.ts";
import { applyPlan } from "./apply-plan.ts";
import { type CaseFile, isFolder, type OtherFile, readCases } from "./case-files.ts";
import { chosenRules, doctorExit, validateBatchFlags } from "./flags.ts";
import type { DoctorOptions } from "./options.ts";
import { type Admin, type Batch, type ClusterPlan, printBatch } from "./print-batch.ts";
import { completionLines, contextFor, realProbeHost, requireSameCluster } from "./real-probe-host.ts";

/** Whether the options name more than one case, or a plan to apply. */
export function isBatch({ evidence, complete, fix }: DoctorOptions): boolean {
  return evidence.length > 1 || evidence.some(isFolder) || (complete && fix);
}

/** Judges several cases, and prints one plan per cluster; with `--fix`, offers each step. The result is the exit status. */
export async function runBatch(options: DoctorOptions, { app, color }: CommandContext): Promise<number> {
  validateBatchFlags(options);
  const { cases, skipped, notChecked } = await readCases(app, options.evidence);
  const others = [...notChecked];
  const clusters: ClusterPlan[] = [];
  for (const group of groupByCluster(cases)) {
    const judged = await judgeGroup(app, group, { options, others });
    if (judged !== undefined) clusters.push(judged);
  }
  const batch: Batch = { clusters, skipped, notChecked: others };
  const printing = { ...options, color };
  // Programs get one result, of the final state.
  if (!options.fix || options.output === "text") printBatch(app, batch, printing);
  if (options.fix) {
    for (const cluster of clusters) cluster.results = await applyPlan(app, cluster, options);
    if (options.output !== "text") printBatch(app, batch, printing);
  }
  return exitOf(batch, options);
}

interface Judging {
  readonly options: DoctorOptions;
  /** Gets the cases that cannot be judged. */
  readonly others: OtherFile[];
}

/** Undefined if no case of the group can be judged. */
async function judgeGroup(
  app: App,
  group: readonly CaseFile[],
  { options, others }: Judging,
): Promise<ClusterPlan | undefined> {
  const { admin, cases } = options.complete
    ? await completeGroup(app, group, { options, others })
    : { admin: undefined, cases: group };
  if (cases.length === 0) return undefined;
  const checking = {
    ...{ rules: chosenRules(options.only, options.skip), shell: options.shell, redact: false },
    ...{ format: options.fixFormat, isSaved: !options.complete },
  };
  const judged = cases.map(({ file, evidence }) => {
    const { report, ...examination } = check(evidence, { ...checking, caseFile: path.basename(file) });
    return { file, examination: { ...examination, report: { ...report, adminMessage: undefined } } };
  });
  const plan = planFor(
    judged.map(({ examination }) => examination),
    admin?.evidence,
  );
  return { cases: judged, plan, admin };
}

interface Completed {
  readonly admin: Admin | undefined;
  readonly cases: readonly CaseFile[];
}

/** Reads what the cases lack with the permissions of the user who runs this: of the cluster once, of each principal once. */
async function completeGroup(
  app: App,
  group: readonly CaseFile[],
  { options, others }: Judging,
): Promise<Completed> {
  const [first] = group;
  if (first === undefined) return { admin: undefined, cases: [] };
  const asked = group.map(({ evidence }) => caseOf(evidence));
  try {
    const context = contextForAny(app, asked, options);
    const { kubeconfig } = options;
    const gathered = await withProgress(
      app,
      `Reading cluster ${caseOf(first.evidence).cluster} with your permissions…`,
      (progress) =>
        gatherForEach(
          {
            host: realProbeHost(app, { kubeconfig, online: true }),
            scope: "cluster",
            now: app.clock(),
            signal: app.signal,
            progress: app.io.isTerminal("stderr") ? progress : () => undefined,
          },
          asked.map(({ question }) => ({ ...question, context })),
        ),
    );
    const isCurrent = readChosenKubeconfigs(app, kubeconfig).currentContext?.name === context;
    const cases = group.flatMap((one, index) => {
      const own = gathered[index];
      return own === undefined ? [] : completed(app, one, { gathered: own, options, others });
    });
    return { admin: { context, isCurrent, evidence: gathered }, cases };
  } catch (error) {
    if (!(error instanceof VouchError) || app.signal.aborted) throw error;
    others.push(...group.map(({ file }) => ({ file, why: reasonOf(error) })));
    return { admin: undefined, cases: [] };
  }
}

/** Some cases may name the local end of a tunnel, which is nothing here. */
function contextForAny(app: App, asked: readonly Case[], options: Parameters<typeof contextFor>[2]): string {
  let failed: unknown;
  for (const one of asked) {
    try {
      return contextFor(app, one, options);
    } catch (error) {
      failed ??= error;
    }
  }
  throw failed;
}

function completed(
  app: App,
  { file, evidence }: CaseFile,
  { gathered, options, others }: Judging & { readonly gathered: DoctorEvidence },
): CaseFile[] {
  try {
    requireSameCluster(evidence, gathered, { ...caseOf(evidence), redact: false });
  } catch (error) {
    others.push({ file, why: reasonOf(error) });
    return [];
  }
  const { evidence: whole, ...completion } = completeEvidence(evidence, gathered);
  const by = knownValue(gathered.callerIdentity)?.Arn;
  const [first, ...lines] = completionLines(completion, false);
  app.io.err(`${file}: ${first}${by === undefined ? "" : `, as ${by}`}.\n`);
  for (const line of lines) app.io.err(`${file}: ${line}\n`);
  // The user who completes a case pastes the commands, and has different files.
  const { kubeconfigFile: _, ...question } = evidence.question ?? {};
  const own = namedKubeconfig(options.kubeconfig);
  return [
    {
      file,
      evidence: {
        ...whole,
        question: { ...question, ...(own === undefined ? {} : { kubeconfigFile: own }) },
      },
    },
  ];
}

/** As for one case; after `--fix`, 0 if every step was done and nothing is left to do. */
function exitOf({ clusters, notChecked }: Batch, { fix, failOn }: DoctorOptions): number {
  if (failOn === "never") return EXIT.ok;
  if (notChecked.length > 0) return EXIT.found;
  const reports = clusters.flatMap(({ cases }) => cases.map(({ examination }) => examination.report));
  const isFixed = ({ plan: { conflicts, left, unplanned }, results = [] }: ClusterPlan) =>
    results.every((result) => result === "done") && conflicts.length + left.length + unplanned.length === 0;
  return fix && clusters.every(isFixed) ? EXIT.ok : doctorExit(reports, failOn);
}
