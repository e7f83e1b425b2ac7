import type { ShellOrGuess } from "../token/command/render-command.ts";
import { diagnose, type RootCause } from "./check/diagnose.ts";
import type { Rule } from "./check/rule.ts";
import type { Outcome } from "./check/run-rule.ts";
import { deriveFacts } from "./derive/derive.ts";
import type { DoctorEvidence } from "./evidence/evidence.ts";
import { redactEvidence } from "./evidence/redact.ts";
import type { Fix } from "./fixes/fix.ts";
import type { FixFormat } from "./fixes/fix-format.ts";
import { doctorReport } from "./report/doctor-report.ts";
import type { DoctorReport } from "./report/report-schema.ts";

/** Evidence without secrets, and what is to be said of it. */
export interface Examination {
  readonly evidence: DoctorEvidence;
  readonly report: DoctorReport;
  /** What the report says is broken, as data. */
  readonly rootCauses: readonly RootCause[];
  /** All that the report offers, as data. */
  readonly fixes: readonly Fix[];
}

export interface CheckOptions {
  readonly rules: readonly Rule[];
  /** Check a copy without accounts, hosts and names of people, roles and clusters. */
  readonly redact: boolean;
  readonly shell: ShellOrGuess;
  readonly format: FixFormat;
  /** Bare name of the file that has the evidence, or will have it; undefined: no one saves it. */
  readonly caseFile?: string | undefined;
  /** The context through which an admin completed the case, if it is not their current one. */
  readonly adminContext?: string | undefined;
  /** Whether the evidence was saved, perhaps on another machine. */
  readonly isSaved?: boolean;
}

/** An examination, with the outcome of each rule. */
export interface Judgement extends Examination {
  readonly healthy: boolean;
  readonly outcomes: readonly Outcome[];
}

/** Judges evidence by rules: a copy without secrets, so that no report can repeat one. Pure: no clock, no network, no files. */
export function judge(raw: DoctorEvidence, { rules, redact, ...style }: CheckOptions): Judgement {
  const evidence = redactEvidence(raw, { names: redact });
  const facts = deriveFacts(evidence);
  const diagnosis = diagnose(rules, facts);
  const { rootCauses, warnings, healthy, outcomes } = diagnosis;
  const fixes = [...rootCauses, ...warnings].flatMap((finding) => finding.fixes);
  return { evidence, report: doctorReport(diagnosis, facts, style), rootCauses, fixes, healthy, outcomes };
}
