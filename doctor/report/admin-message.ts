import { ours } from "../../token/command/command.ts";
import { renderCommand } from "../../token/command/render-command.ts";
import { shown } from "../../token/text/printable.ts";
import { pagesOf } from "../causes/index.ts";
import { formatAttempt } from "../derive/authorization/access-request.ts";
import { attemptMeant } from "../derive/authorization/attempt-of-command.ts";
import type { Facts } from "../derive/facts.ts";
import { principalArn } from "../derive/identity/principal-arn.ts";
import { knownValue } from "../evidence/evidence.ts";
import { looksRedacted } from "../evidence/redact.ts";
import type { DoctorReport, ReportedCause } from "./report-schema.ts";
import { causeCodes, triedText } from "./words.ts";

/** The file for the evidence, if none was saved yet. */
export const CASE_FILE = "case.json";

/**
 * A message to the cluster's administrators, for a chat or a ticket: who was refused what, the cause with its fix or else the
 * suspicions, and the command that settles it. Undefined if the user can fix it without help, or asks about another user.
 */
export function adminMessage(
  { healthy, rootCauses, suspicions }: Pick<DoctorReport, "healthy" | "rootCauses" | "suspicions">,
  facts: Facts,
  caseFile: string = CASE_FILE,
): string | undefined {
  const [cause] = rootCauses;
  const forOthers = (cause?.fixes ?? suspicions).filter(({ audience }) => audience !== "you");
  const isForOthers =
    cause === undefined
      ? forOthers.length > 0
      : forOthers.length > 0 && forOthers.length === cause.fixes.length;
  if (healthy || facts.isOtherPrincipal || !isForOthers) return undefined;
  const lines = [
    `I cannot work on EKS cluster ${clusterName(facts)}. Can you help?`,
    ...labelled("Tried", triedText(facts)),
    ...labelled("Failed with", refusalText(facts)),
    ...labelled("Identity", whoText(facts)),
    ...(cause === undefined ? [] : found(cause)),
    ...(suspicions.length === 0 ? [] : suspected(suspicions)),
    ...moreAbout(cause?.cause ?? suspicions[0]?.causes[0] ?? ""),
    ...(looksRedacted(facts.evidence)
      ? ["The names in this message are redacted. I can send you the evidence with the real names."]
      : [
          "With kubectl-vouch and your permissions, this shows the exact cause and the fix:",
          ...commands(facts, caseFile).map((command) => `  ${command}`),
        ]),
  ];
  return `${lines.map(shown).join("\n")}\n`;
}

function suspected(suspicions: DoctorReport["suspicions"]): string[] {
  return [
    "Possible causes, most likely first:",
    ...suspicions.flatMap(({ causes, summary, audience, confirmedBy }, index) => [
      `  ${index + 1}. ${summary} [${causeCodes(causes)}]`,
      ...(audience === "you" ? [] : [`     Check: ${confirmedBy}`]),
    ]),
  ];
}

/** What is only possible is to be checked before anything is granted for it. */
function found({ cause, confidence, summary, falsifiedBy, fixes: [fix] }: ReportedCause): string[] {
  const isPossible = confidence === "possible";
  const { description, commands = [], text = "" } = (isPossible ? undefined : fix) ?? {};
  return [
    `Cause (${confidence}): ${summary.replace(/^You can /, "I can ")} [${cause}]`,
    ...labelled("Not the cause if", isPossible ? falsifiedBy : undefined),
    ...labelled("Fix", description),
    ...[...commands, ...text.split("\n").filter((line) => line !== "")].map((line) => `  ${line}`),
  ];
}

/** The one who gets the message may not have kubectl-vouch to explain the code. */
function moreAbout(code: string): string[] {
  return labelled(`More about ${code}`, pagesOf(code)[0]);
}

function labelled(label: string, text: string | undefined): string[] {
  return text === undefined ? [] : [`${label}: ${text}`];
}

function clusterName({ target, cluster, targetCluster }: Facts): string {
  const account = /^arn:[\w-]+:eks:[\w-]+:(\d{12}):/.exec(cluster?.arn ?? "")?.[1] ?? targetCluster.account;
  const place = [target.region, ...(account === undefined ? [] : [`account ${account}`])];
  return `${target.cluster} (${place.join(", ")})`;
}

/** The last line is the plainest one. */
function refusalText({ symptom, pastedError }: Facts): string | undefined {
  if (symptom === undefined || symptom.kind === "none") return undefined;
  if (symptom.kind === "unauthorized") return "401 Unauthorized";
  return (pastedError ?? symptom.text).trim().split("\n").at(-1);
}

function whoText(facts: Facts): string | undefined {
  const { principal, mapping, symptom, evidence } = facts;
  const user = knownValue(evidence.selfSubjectReview)?.status.userInfo;
  const name = user?.username ?? (symptom?.kind === "forbidden" ? symptom.user : mapping?.username);
  const groups = user?.groups ?? mapping?.groups;
  const said = [
    principal?.arn,
    ...(name === undefined ? [] : [`Kubernetes user ${name}`]),
    ...(groups === undefined || groups.length === 0
      ? []
      : [`${groups.length === 1 ? "group" : "groups"} ${groups.join(", ")}`]),
  ].filter((part) => part !== undefined);
  return said.length === 0 ? undefined : said.join("; ");
}

/**
 * What an administrator runs: a command about the principal, and one with the saved evidence, which they get as a file without
 * its path.
 */
function commands(facts: Facts, caseFile: string): string[] {
  const { principal } = facts;
  const attempt = attemptMeant(facts);
  const about =
    principal === undefined
      ? []
      : [
          ours("doctor", {
            principal: principalArn(facts, principal),
            ...(attempt === undefined ? {} : { for: formatAttempt(attempt) }),
          }),
        ];
  const withCase = (evidence: string) => ours("doctor", { evidence, complete: true });
  const settling = "line" in renderCommand(withCase(caseFile), "bash") ? caseFile : CASE_FILE;
  return [...about, withCase(settling)].flatMap((command) => {
    const rendered = renderCommand(command, "bash");
    return "line" in rendered ? [rendered.line] : [];
  });
}
