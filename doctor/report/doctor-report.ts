import type { ShellOrGuess } from "../../token/command/render-command.ts";
import { pagesOf } from "../causes/index.ts";
import { type NamedSuspicion, rankSuspicions } from "../causes/rank-suspicions.ts";
import type { Diagnosis, RootCause } from "../check/diagnose.ts";
import type { Rule } from "../check/rule.ts";
import type { Finding, Outcome } from "../check/run-rule.ts";
import { grantOfOther } from "../derive/authorization/authorization.ts";
import type { Facts } from "../derive/facts.ts";
import { isAnonymous } from "../derive/failure/symptom.ts";
import { contextAsked } from "../derive/kubeconfig/effective-context.ts";
import { type DoctorEvidence, failureOf, knownValue } from "../evidence/evidence.ts";
import type { Fix } from "../fixes/fix.ts";
import { withNewToken } from "../fixes/fix.ts";
import type { FixFormat } from "../fixes/fix-format.ts";
import { formatFixes } from "../fixes/format-fixes.ts";
import { type Reader, readerFor, renderFix, sentenceFor } from "../fixes/render-fix.ts";
import { fitsClient } from "../fixes/terraform.ts";
import { adminMessage } from "./admin-message.ts";
import { chainOf } from "./chain.ts";
import { evidenceToFetch, nextEvidence, nextPlace } from "./next-evidence.ts";
import type {
  Checked,
  DoctorReport,
  ReportedCause,
  ReportedFinding,
  ReportedIdentity,
  ReportedSuspicion,
} from "./report-schema.ts";
import { triedText } from "./words.ts";

/** How to write fixes. */
interface FixStyle extends Reader {
  readonly format: FixFormat;
}

interface ReportStyle {
  readonly shell: ShellOrGuess;
  readonly format: FixFormat;
  /** The file with the evidence; undefined: none yet. */
  readonly caseFile?: string | undefined;
  readonly adminContext?: string | undefined;
  readonly isSaved?: boolean | undefined;
}

/** An administrator's shell is not known, and their kubeconfig is another. */
const FOR_ADMIN: FixStyle = { shell: "bash", format: "aws" };

/** Turns a diagnosis into the structure that is printed. Pure. */
export function doctorReport(
  diagnosis: Diagnosis,
  facts: Facts,
  { caseFile, ...form }: ReportStyle,
): DoctorReport {
  const { evidence } = facts;
  const style = {
    ...form,
    kubeconfig: evidence.question?.kubeconfigFile,
    context: contextToName(facts),
    isAdmin: facts.isOtherPrincipal,
  };
  const { healthy, rootCauses, warnings, outcomes } = diagnosis;
  const explained = healthy || rootCauses.length > 0;
  const allowedNow = explained ? undefined : allowedSince(facts);
  const ranked = allowedNow === undefined ? rankSuspicions(diagnosis, facts) : [];
  return {
    apiVersion: "vouch.kubectl/v1",
    kind: "DoctorReport",
    context: facts.context?.name ?? evidence.question?.context,
    cluster: knownValue(evidence.cluster)?.cluster.name ?? facts.exec?.clusterName,
    tried: triedText(facts),
    answer: facts.symptom?.kind === "none" ? facts.symptom.answer : undefined,
    healthy,
    allowedBy: healthy ? grantOfOther(facts) : allowedNow,
    rootCauses: rootCauses.map((cause) => reportedCause(cause, facts, style)),
    suspicions: ranked.map((suspicion) => reportedSuspicion(suspicion, style)),
    warnings: warnings.map((finding) => reportedFinding(finding, facts, style)),
    unknown: explained ? undefined : unexplained(facts, style, allowedNow !== undefined),
    chain: chainOf(diagnosis, facts).map(({ missing, ...link }) => ({
      ...link,
      missing: evidenceToFetch(missing, facts, style),
    })),
    adminMessage: adminMessage(
      {
        healthy,
        rootCauses: rootCauses.slice(0, 1).map((cause) => reportedCause(cause, facts, FOR_ADMIN)),
        suspicions: ranked.map((suspicion) => reportedSuspicion(suspicion, FOR_ADMIN)),
      },
      facts,
      caseFile,
    ),
    checked: checkedBy(outcomes),
    notSeen: notSeen(evidence),
    identity: identityOf(facts),
  };
}

/** Undefined if the context is the current one, so that it need not be named. */
function contextToName({ evidence, kubeconfig }: Facts): string | undefined {
  const asked = contextAsked(evidence);
  return asked === kubeconfig?.view?.currentContext?.name ? undefined : asked;
}

function reportedCause(cause: RootCause, facts: Facts, style: FixStyle): ReportedCause {
  return {
    ...reportedFinding(cause, facts, style),
    explains: cause.consequences.map(({ cause: row, code, summary }) => ({
      cause: row,
      code,
      summary: sentenceFor(summary, style),
    })),
  };
}

function reportedFinding(finding: Finding, facts: Facts, style: FixStyle): ReportedFinding {
  const { cause, code, stage, confidence, summary, evidence, falsifiedBy, fixes } = finding;
  return {
    cause,
    code,
    stage,
    confidence,
    summary: sentenceFor(summary, style),
    evidence: evidence.map((text) => sentenceFor(text, style)),
    falsifiedBy: sentenceFor(falsifiedBy, style),
    fixes: formatFixes(
      withoutLostAlternative(fitsClient(fixes, facts)).map((fix) => withNewToken(fix, facts)),
      style.format,
    ).map((fix) => renderFix(fix, style)),
    pages: pagesOf(cause),
  };
}

/** The first fix is no alternative, where those before it do not fit the client. */
function withoutLostAlternative([first, ...others]: readonly Fix[]): Fix[] {
  if (first === undefined) return [];
  const { description: words } = first;
  if (typeof words !== "string") return [first, ...others];
  const description = words.replace(/^Or,? (\w)/, (_, letter: string) => letter.toUpperCase());
  return [{ ...first, description }, ...others];
}

function reportedSuspicion(suspicion: NamedSuspicion, reader: Reader): ReportedSuspicion {
  const { causes, hinted, summary, hints, audience, confirmedBy } = suspicion;
  return {
    causes,
    hinted,
    summary,
    hints,
    audience,
    confirmedBy: sentenceFor(confirmedBy, readerFor(audience, reader)),
    pages: pagesOf(causes[0] ?? ""),
  };
}

function checkedBy(outcomes: readonly Outcome[]): Checked {
  const shown = ({ code, stage, causes, expects }: Rule) => ({ code, stage, causes, expects });
  return {
    passed: outcomes.flatMap((each) => (each.status === "passed" ? [shown(each.rule)] : [])),
    notApplicable: outcomes.flatMap((each) =>
      each.status === "notApplicable" ? [{ ...shown(each.rule), why: each.why }] : [],
    ),
    undecided: outcomes.flatMap((each) =>
      each.status === "unknown" || each.status === "failed"
        ? [{ ...shown(each.rule), missing: each.status === "unknown" ? each.missing : [] }]
        : [],
    ),
  };
}

/** What allows a request by now that was refused before, such as a policy that was associated meanwhile. */
function allowedSince({ symptom, authorization }: Facts): readonly string[] | undefined {
  const { allowedBy = [] } = authorization ?? {};
  return symptom?.kind === "forbidden" && allowedBy.length > 0 ? allowedBy : undefined;
}

function unexplained(facts: Facts, reader: Reader, isAllowed: boolean): NonNullable<DoctorReport["unknown"]> {
  const { symptom } = facts;
  return {
    symptom:
      symptom === undefined
        ? "it is not known whether or how the call fails"
        : isAnonymous(facts)
          ? "anonymous"
          : symptom.kind,
    said: symptom?.kind === "plugin-failed" ? saidInShort(symptom.text, reader) : undefined,
    runWhere: nextPlace(facts),
    fetchNext: isAllowed ? [] : nextEvidence(facts, reader),
  };
}

/** What a plugin says in more than these characters, it says in its first lines. */
const SAID_CHARACTERS = 300;

function saidInShort(said: string, reader: Reader): string | undefined {
  const line = said.replaceAll(/\s+/g, " ").trim();
  return line === "" ? undefined : sentenceFor(line.slice(0, SAID_CHARACTERS), reader);
}

function notSeen(evidence: DoctorEvidence): DoctorReport["notSeen"] {
  return Object.entries(evidence).flatMap(([part, value]) => {
    const reason = failureOf(value);
    return reason === undefined ? [] : [{ part, reason }];
  });
}

/** Who the caller is, or the other principal that the question is about; then without anything that was seen of the caller. */
function identityOf(facts: Facts): ReportedIdentity {
  const { evidence, isOtherPrincipal, principal, mapping, symptom } = facts;
  const as = symptom?.kind === "none" && !isOtherPrincipal ? facts.impersonation : undefined;
  const review = isOtherPrincipal ? undefined : knownValue(evidence.selfSubjectReview)?.status.userInfo;
  const forbidden = symptom?.kind === "forbidden" ? symptom.user : undefined;
  return {
    arn: principal?.arn,
    role: principal?.kind === "role" ? principal.canonicalArn : undefined,
    // The call is that of the user whom the kubeconfig impersonates; the groups are not known then.
    username: as?.user ?? review?.username ?? forbidden ?? mapping?.username,
    groups: as === undefined ? (review?.groups ?? mapping?.groups) : undefined,
    tokenEnds: isOtherPrincipal ? undefined : knownValue(evidence.token)?.endsAt,
  };
}
