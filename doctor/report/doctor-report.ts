import type { Diagnosis, RootCause } from "../diagnose.ts";
import { type DoctorEvidence, failureOf, known } from "../evidence.ts";
import type { Facts } from "../facts/facts.ts";
import type { FixFormat } from "../mend/fix-format.ts";
import { formatMends } from "../mend/format.ts";
import { commandLine, type Shell } from "../mend/shell.ts";
import type { Mend } from "../rule.ts";
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
  readonly disproof: string;
  readonly mend: readonly ReportedMend[];
}

export interface ReportedCause extends ReportedFinding {
  /** What else was found and is explained by it. */
  readonly explains: readonly { readonly cause: string; readonly code: string; readonly summary: string }[];
}

export interface ReportedMend {
  readonly by: string;
  readonly does: string;
  /** Command lines, quoted for the shell. */
  readonly commands: readonly string[];
  readonly text: string | undefined;
}

export interface ReportedIdentity {
  readonly arn: string | undefined;
  readonly role: string | undefined;
  readonly username: string | undefined;
  readonly groups: readonly string[] | undefined;
  /** ISO 8601 */
  readonly tokenEnds: string | undefined;
}

/** How mends are written. */
interface MendStyle {
  readonly shell: Shell;
  readonly format: FixFormat;
}

/** Puts a diagnosis into the shape that is printed. Pure. */
export function doctorReport(diagnosis: Diagnosis, facts: Facts, style: MendStyle): DoctorReport {
  const { evidence } = facts;
  const { healthy, rootCauses, warnings, ruledOut } = diagnosis;
  const explained = healthy || rootCauses.length > 0;
  return {
    apiVersion: "vouch.kubectl/v1",
    kind: "DoctorReport",
    context: facts.context?.name ?? evidence.question?.context,
    cluster: known(evidence.cluster)?.cluster.name ?? facts.exec?.clusterName,
    healthy,
    rootCauses: rootCauses.map((cause) => reportedCause(cause, style)),
    warnings: warnings.map((finding) => reportedFinding(finding, style)),
    unknown: explained ? undefined : unexplained(diagnosis, facts),
    ruledOut: ruledOut.map(({ code, causes, expects }) => ({ code, causes, expects })),
    notSeen: notSeen(evidence),
    identity: identityOf(facts),
  };
}

function reportedCause(cause: RootCause, style: MendStyle): ReportedCause {
  return {
    ...reportedFinding(cause, style),
    explains: cause.folded.map(({ cause: row, code, summary }) => ({ cause: row, code, summary })),
  };
}

function reportedFinding(finding: Omit<RootCause, "folded">, { shell, format }: MendStyle): ReportedFinding {
  const { cause, code, stage, confidence, summary, evidence, disproof, mends } = finding;
  return {
    cause,
    code,
    stage,
    confidence,
    summary,
    evidence,
    disproof,
    mend: formatMends(mends, format).map((mend) => reportedMend(mend, shell)),
  };
}

function reportedMend({ by, does, commands = [], text }: Mend, shell: Shell): ReportedMend {
  return { by, does, commands: commands.map((words) => commandLine(words, shell)), text };
}

function unexplained({ ruledOut }: Diagnosis, facts: Facts): NonNullable<DoctorReport["unknown"]> {
  const { symptom } = facts;
  return {
    symptom: symptom === undefined ? "it is not known how the call fails, or whether it does" : symptom.kind,
    ruledOut: ruledOut.map(({ code }) => code),
    fetchNext: nextEvidence(facts),
  };
}

function notSeen(evidence: DoctorEvidence): DoctorReport["notSeen"] {
  return Object.entries(evidence).flatMap(([part, value]) => {
    const reason = failureOf(value);
    return reason === undefined ? [] : [{ part, reason }];
  });
}

function identityOf({ evidence, principal, mapping, symptom }: Facts): ReportedIdentity {
  const review = known(evidence.selfSubjectReview)?.status.userInfo;
  const forbidden = symptom?.kind === "forbidden" ? symptom.user : undefined;
  return {
    arn: principal?.arn,
    role: principal?.kind === "role" ? principal.canonicalArn : undefined,
    username: review?.username ?? forbidden ?? mapping?.username,
    groups: review?.groups ?? mapping?.groups,
    tokenEnds: known(evidence.token)?.endsAt,
  };
}
