import type { Shell } from "../../token/command/render-command.ts";
import { sentenceText } from "../../token/command/sentence.ts";
import type { Diagnosis, RootCause } from "../check/diagnose.ts";
import type { Facts } from "../derive/facts.ts";
import { type DoctorEvidence, failureOf, knownValue } from "../evidence/evidence.ts";
import type { FixFormat } from "../fixes/fix-format.ts";
import { formatFixes } from "../fixes/format-fixes.ts";
import { type RenderedFix, renderFix } from "../fixes/render-fix.ts";
import { type NextEvidence, nextEvidence } from "./next-evidence.ts";

/** What a diagnosis says, ready for every printer. Published as doctor/report.schema.json. */
export interface DoctorReport {
  readonly apiVersion: "vouch.kubectl/v1";
  readonly kind: "DoctorReport";
  readonly context: string | undefined;
  readonly cluster: string | undefined;
  /** True when the context works and nothing is wrong with it. */
  readonly healthy: boolean;
  readonly rootCauses: readonly ReportedCause[];
  readonly warnings: readonly ReportedFinding[];
  /** Set when the call fails, or may fail, and nothing explains it. */
  readonly unknown:
    | {
        readonly symptom: string;
        readonly ruledOut: readonly string[];
        readonly fetchNext: readonly NextEvidence[];
      }
    | undefined;
  /** Rules that looked and found nothing, by name. */
  readonly ruledOut: readonly {
    readonly code: string;
    readonly causes: readonly string[];
    readonly expects: string;
  }[];
  /** Parts of the evidence that could not be had, and why. */
  readonly notSeen: readonly { readonly part: string; readonly reason: string }[];
  readonly identity: ReportedIdentity;
}

export interface ReportedFinding {
  readonly cause: string;
  readonly code: string;
  readonly stage: string;
  readonly confidence: string;
  readonly summary: string;
  readonly evidence: readonly string[];
  /** What would prove it wrong. */
  readonly falsifiedBy: string;
  readonly fixes: readonly RenderedFix[];
}

export interface ReportedCause extends ReportedFinding {
  /** What else was found and is explained by it. */
  readonly explains: readonly { readonly cause: string; readonly code: string; readonly summary: string }[];
}

export interface ReportedIdentity {
  readonly arn: string | undefined;
  readonly role: string | undefined;
  readonly username: string | undefined;
  readonly groups: readonly string[] | undefined;
  /** ISO 8601 */
  readonly tokenEnds: string | undefined;
}

/** How fixes are written. */
interface FixStyle {
  readonly shell: Shell;
  readonly format: FixFormat;
}

/** Puts a diagnosis into the shape that is printed. Pure. */
export function doctorReport(diagnosis: Diagnosis, facts: Facts, style: FixStyle): DoctorReport {
  const { evidence } = facts;
  const { healthy, rootCauses, warnings, ruledOut } = diagnosis;
  const explained = healthy || rootCauses.length > 0;
  return {
    apiVersion: "vouch.kubectl/v1",
    kind: "DoctorReport",
    context: facts.context?.name ?? evidence.question?.context,
    cluster: knownValue(evidence.cluster)?.cluster.name ?? facts.exec?.clusterName,
    healthy,
    rootCauses: rootCauses.map((cause) => reportedCause(cause, style)),
    warnings: warnings.map((finding) => reportedFinding(finding, style)),
    unknown: explained ? undefined : unexplained(diagnosis, facts, style),
    ruledOut: ruledOut.map(({ code, causes, expects }) => ({ code, causes, expects })),
    notSeen: notSeen(evidence),
    identity: identityOf(facts),
  };
}

function reportedCause(cause: RootCause, style: FixStyle): ReportedCause {
  return {
    ...reportedFinding(cause, style),
    explains: cause.folded.map(({ cause: row, code, summary }) => ({
      cause: row,
      code,
      summary: sentenceText(summary, style.shell),
    })),
  };
}

function reportedFinding(finding: Omit<RootCause, "folded">, { shell, format }: FixStyle): ReportedFinding {
  const { cause, code, stage, confidence, summary, evidence, falsifiedBy, fixes } = finding;
  return {
    cause,
    code,
    stage,
    confidence,
    summary: sentenceText(summary, shell),
    evidence: evidence.map((text) => sentenceText(text, shell)),
    falsifiedBy: sentenceText(falsifiedBy, shell),
    fixes: formatFixes(fixes, format).map((fix) => renderFix(fix, shell)),
  };
}

function unexplained(
  { ruledOut }: Diagnosis,
  facts: Facts,
  { shell }: FixStyle,
): NonNullable<DoctorReport["unknown"]> {
  const { symptom } = facts;
  return {
    symptom: symptom === undefined ? "it is not known how the call fails, or whether it does" : symptom.kind,
    ruledOut: ruledOut.map(({ code }) => code),
    fetchNext: nextEvidence(facts, shell),
  };
}

function notSeen(evidence: DoctorEvidence): DoctorReport["notSeen"] {
  return Object.entries(evidence).flatMap(([part, value]) => {
    const reason = failureOf(value);
    return reason === undefined ? [] : [{ part, reason }];
  });
}

function identityOf({ evidence, principal, mapping, symptom }: Facts): ReportedIdentity {
  const review = knownValue(evidence.selfSubjectReview)?.status.userInfo;
  const forbidden = symptom?.kind === "forbidden" ? symptom.user : undefined;
  return {
    arn: principal?.arn,
    role: principal?.kind === "role" ? principal.canonicalArn : undefined,
    username: review?.username ?? forbidden ?? mapping?.username,
    groups: review?.groups ?? mapping?.groups,
    tokenEnds: knownValue(evidence.token)?.endsAt,
  };
}
