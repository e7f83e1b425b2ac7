import { setTimeout as sleep } from "node:timers/promises";
import { type Diagnosis, diagnose } from "../../doctor/check/diagnose.ts";
import type { Rule } from "../../doctor/check/rule.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence, Question } from "../../doctor/evidence/evidence.ts";
import { redactEvidence } from "../../doctor/evidence/redact.ts";
import type { Fix } from "../../doctor/fixes/fix.ts";
import type { FixFormat } from "../../doctor/fixes/fix-format.ts";
import { gather } from "../../doctor/probes/gather.ts";
import type { Probe } from "../../doctor/probes/probe.ts";
import type { ProbeHost } from "../../doctor/probes/probe-host.ts";
import { type DoctorReport, doctorReport } from "../../doctor/report/doctor-report.ts";
import type { Shell } from "../../token/command/render-command.ts";
import { debug } from "../../token/debug.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";

/** Longest time for one probe, in milliseconds. */
const PROBE_MS = 12_000;

/** How long to wait before asking again, in milliseconds. */
const AGAIN_MS = 2000;

/** A case without secrets, and what is to be said of it. */
export interface Examination {
  readonly evidence: DoctorEvidence;
  readonly report: DoctorReport;
  /** All that the report offers, as data. */
  readonly fixes: readonly Fix[];
}

export interface JudgeOptions {
  /** Judge a copy without names, accounts and addresses. */
  readonly redact: boolean;
  readonly rules: readonly Rule[];
  readonly shell: Shell;
  readonly format: FixFormat;
}

export interface ExamineOptions extends JudgeOptions {
  /** Made anew for each gathering: they share a token. */
  readonly probes: () => readonly Probe[];
  readonly question: Question;
  readonly outside: ProbeHost;
  /** How long to ask again until nothing is wrong, in milliseconds. */
  readonly waitMs: number;
  readonly say: (text: string) => void;
}

/** Gathers and judges; with time to wait, again until nothing is wrong. */
export async function examine(app: App, options: ExamineOptions): Promise<Examination> {
  const end = app.clock() + options.waitMs;
  for (;;) {
    const examination = judge(await gatherCase(app, options), options);
    if (examination.report.healthy || app.clock() + AGAIN_MS > end) return examination;
    options.say("Waiting, then looking again…");
    await sleep(AGAIN_MS, undefined, { signal: app.signal }).catch(() => interrupted());
  }
}

/** Judges a case that is there already: a copy without secrets, so that no report can repeat one. */
export function judge(raw: DoctorEvidence, { rules, redact, ...style }: JudgeOptions): Examination {
  const evidence = redactEvidence(raw, { names: redact });
  const facts = deriveFacts(evidence);
  const diagnosis = diagnose(rules, facts);
  for (const outcome of diagnosis.outcomes) debug(`rule ${outcome.rule.code}: ${outcomeText(outcome)}`);
  const fixes = [...diagnosis.rootCauses, ...diagnosis.warnings].flatMap((finding) => finding.fixes);
  return { evidence, report: doctorReport(diagnosis, facts, style), fixes };
}

function outcomeText(outcome: Diagnosis["outcomes"][number]): string {
  switch (outcome.status) {
    case "found":
      return `found ${outcome.findings.map(({ cause, confidence }) => `${cause} (${confidence})`).join(", ")}`;
    case "unknown":
      return `cannot tell without ${outcome.missing.join(", ")}`;
    case "notApplicable":
      return `does not apply: ${outcome.why}`;
    case "passed":
      return "passed";
  }
}

async function gatherCase(
  app: App,
  { probes, question, outside, say }: ExamineOptions,
): Promise<DoctorEvidence> {
  const active = new Set<Probe>();
  const start: DoctorEvidence = {
    apiVersion: "vouch.kubectl/v1",
    kind: "DoctorEvidence",
    gatheredAt: new Date(app.clock()).toISOString(),
    question,
  };
  try {
    return await gather(probes(), {
      outside,
      start,
      signal: app.signal,
      limitMs: PROBE_MS,
      observe: ({ probe, state }) => {
        if (probe.gathers === "pluginRun" && state === "started") loadKubernetesClient();
        if (state === "started") active.add(probe);
        else active.delete(probe);
        const [oldest] = active;
        if (oldest !== undefined) say(`${oldest.doing.charAt(0).toUpperCase()}${oldest.doing.slice(1)}…`);
      },
    });
  } catch (error) {
    if (app.signal.aborted) interrupted();
    throw error;
  }
}

/** Loading it takes as long as a probe does: it is begun while the plugin, another process, runs. */
function loadKubernetesClient(): void {
  import("../../doctor/probes/cluster/kube-calls.ts").catch(() => undefined);
}

function interrupted(): never {
  throw new VouchError("interrupted", "Interrupted.");
}
