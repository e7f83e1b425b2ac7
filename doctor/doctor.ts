/**
 * The doctor: gathers evidence, checks it by rules, and reports. plugin/ calls this file, implements the host of the probes
 * (`probes/probe-host.ts`, with `probes/local/`), and lists rules and causes (`causes/index.ts`).
 */

import type { AwsCredentials } from "../token/aws/aws-credentials.ts";
import { debug } from "../token/debug.ts";
import type { Outcome } from "./check/run-rule.ts";
import type { DoctorEvidence, Question } from "./evidence/evidence.ts";
import { partsWhere } from "./evidence/parts.ts";
import { type CheckOptions, type Examination, judge } from "./judge.ts";
import { ALL_PROBES, MACHINE_PROBES } from "./probes/all.ts";
import { callerCredentials } from "./probes/aws/caller-credentials.ts";
import { readCalledContext } from "./probes/called-context.ts";
import { gather } from "./probes/gather.ts";
import { newProbeSecrets, type ProbeSecrets } from "./probes/probe.ts";
import type { ProbeHost } from "./probes/probe-host.ts";

export type { Rule } from "./check/rule.ts";
export {
  attemptFault,
  isForAllNamespaces,
  namespaceFlag,
  parseAttempt,
} from "./derive/authorization/access-request.ts";
export { isOtherPrincipal } from "./derive/failure/symptom.ts";
export { commandWords, flagValue } from "./derive/kubeconfig/command-words.ts";
export { isAllowed, readPluginRules } from "./derive/kubeconfig/plugin-policy.ts";
export { abridged } from "./derive/pasted-text.ts";
export { groupByCluster } from "./derive/target/group-by-cluster.ts";
export { principalOfArn } from "./eks/principal/principal.ts";
export {
  type AccessRequest,
  type DoctorEvidence,
  knownValue,
  type Question,
  type VouchFacts,
} from "./evidence/evidence.ts";
export { readEvidence } from "./evidence/read-evidence.ts";
export { looksRedacted } from "./evidence/redact.ts";
export type { ExecFields, SetExec, SetupEks } from "./fixes/fix.ts";
export type { CheckOptions, Examination } from "./judge.ts";
export { maskedPaste } from "./paste/masked-paste.ts";
export { isBundle, placeWords, readPasted, takenWords, whyNothing } from "./paste/read-paste.ts";
export { type Case, caseOf, completeEvidence } from "./probes/complete-evidence.ts";
export { githubAnnotations } from "./report/annotations.ts";
export { htmlFleet, htmlReport } from "./report/html/document.ts";
export { junitReport } from "./report/junit.ts";
export { otherLine, overviewLine, shortReport } from "./report/overview.ts";
export { meantCommands, type Plan, planFor, planText, renderPlan } from "./report/plan.ts";
export type { DoctorReport, OtherContext } from "./report/report-schema.ts";
export { textReport } from "./report/text.ts";
export { outcomeOf } from "./report/words.ts";

export interface GatherOptions {
  readonly host: ProbeHost;
  readonly question: Question;
  /** `machine`: only what can be seen without a cluster. */
  readonly scope: "machine" | "cluster";
  /** Epoch milliseconds. */
  readonly now: number;
  readonly signal: AbortSignal;
  /** Longest time for this context, in milliseconds; absent: each probe has its own limit, and no more. */
  readonly totalMs?: number | undefined;
  /** Told what is being done: `Asking the API server…` */
  readonly progress: (text: string) => void;
}

/** Longest time for one probe, in milliseconds. */
const PROBE_MS = 12_000;

/** Asks this machine, AWS and the cluster. Rejects only when the signal is aborted. */
export function gatherEvidence(options: GatherOptions): Promise<DoctorEvidence> {
  return gatherRest(options, {});
}

/**
 * Gathers for several questions about one context: what is not about a principal or the question only once. Rejects only when the
 * signal is aborted.
 */
export async function gatherForEach(
  options: Omit<GatherOptions, "question">,
  questions: readonly Question[],
): Promise<DoctorEvidence[]> {
  const secrets = newProbeSecrets();
  const shared = partsWhere(({ about }) => about !== "principal" && about !== "case");
  const all: DoctorEvidence[] = [];
  let known: Partial<DoctorEvidence> = {};
  for (const question of questions) {
    const same = all.find((one) => one.question?.principal === question.principal);
    const gathered = same ?? (await gatherRest({ ...options, question }, { known, secrets }));
    known = Object.fromEntries(shared.map((part) => [part, gathered[part]]));
    all.push({ ...gathered, question });
  }
  return all;
}

/** What an earlier gathering from the same context has. */
interface Earlier {
  readonly known?: Partial<DoctorEvidence>;
  readonly secrets?: ProbeSecrets;
}

function gatherRest(
  { host, question, scope, now, signal, totalMs, progress }: GatherOptions,
  { known, secrets }: Earlier,
): Promise<DoctorEvidence> {
  const active = new Set<string>();
  return gather(scope === "machine" ? MACHINE_PROBES : ALL_PROBES, {
    host,
    start: {
      apiVersion: "vouch.kubectl/v1",
      kind: "DoctorEvidence",
      gatheredAt: new Date(now).toISOString(),
      question,
      ...known,
    },
    secrets,
    signal,
    limitMs: PROBE_MS,
    totalMs,
    observe: ({ probe, state }) => {
      if (probe.gathers === "pluginRun" && state === "started") loadKubernetesClient();
      if (state === "started") active.add(probe.doing);
      else active.delete(probe.doing);
      const [oldest] = active;
      if (oldest !== undefined) progress(`${oldest.charAt(0).toUpperCase()}${oldest.slice(1)}…`);
    },
  });
}

/** Loading it takes as long as a probe does: it is begun while the plugin, another process, runs. */
function loadKubernetesClient(): void {
  import("./probes/cluster/kube-calls.ts").catch(() => undefined);
}

/**
 * The AWS credentials of the context that evidence was gathered from, for programs that make changes. Rejects if there are none, or
 * if the AWS CLI keeps them.
 */
export async function contextCredentials(
  evidence: DoctorEvidence,
  { host, signal }: Pick<GatherOptions, "host" | "signal">,
): Promise<AwsCredentials> {
  const call = readCalledContext(evidence, host);
  if (call === undefined) throw new Error("no kubeconfig context is selected");
  return callerCredentials({ evidence, host, signal, call, secrets: newProbeSecrets() });
}

/**
 * Checks evidence as `judge` does, and says with --debug what became of each rule. Throws what a rule threw if no other rule
 * found the cause.
 */
export function check(raw: DoctorEvidence, options: CheckOptions): Examination {
  const { outcomes, healthy, ...examination } = judge(raw, options);
  for (const outcome of outcomes) debug(`rule ${outcome.rule.code}: ${outcomeText(outcome)}`);
  const broken = outcomes.find((outcome) => outcome.status === "failed");
  if (broken !== undefined && !healthy && examination.rootCauses.length === 0) throw broken.error;
  return examination;
}

function outcomeText(outcome: Outcome): string {
  switch (outcome.status) {
    case "found":
      return `found ${outcome.findings.map(({ cause, confidence }) => `${cause} (${confidence})`).join(", ")}`;
    case "unknown":
      return `cannot tell without ${outcome.missing.join(", ")}`;
    case "notApplicable":
      return `does not apply: ${outcome.why}`;
    case "failed":
      return `failed: ${outcome.error instanceof Error ? outcome.error.stack : String(outcome.error)}`;
    case "passed":
      return "passed";
  }
}
