import { shown } from "../../token/text/printable.ts";
import { describeRequest } from "../derive/authorization/denial.ts";
import type { Facts } from "../derive/facts.ts";
import { answeredCall } from "../derive/failure/symptom-words.ts";
import type { Audience } from "../fixes/fix.ts";
import type { Checked, DoctorReport } from "./report-schema.ts";

/** How every report begins. */
export function headWords({ context }: DoctorReport): string {
  return context === undefined ? "No context" : `Context ${shown(context)}`;
}

/** How healthy what a report is about is. */
export function outcomeOf({ healthy, rootCauses }: DoctorReport): "fine" | "broken" | "unknown" {
  if (healthy) return "fine";
  return rootCauses.length > 0 ? "broken" : "unknown";
}

/** How a context is shown among many: its sign, color, and place in the order. */
export type Trouble = ReturnType<typeof troubleOf>;

export function troubleOf(report: DoctorReport) {
  const outcome = outcomeOf(report);
  return outcome === "fine" && report.warnings.length > 0 ? "warned" : outcome;
}

/** States that nothing is wrong: `No fault found. Tried: kubectl get pods, as ada.` */
export function healthyWords({ tried, answer, allowedBy, identity }: DoctorReport): string {
  if (answer !== undefined) {
    const { owner } = answeredCall(answer) ?? {};
    const said = owner === undefined ? " and returned" : `. ${owner}. It returned`;
    return `This is not an access problem: the cluster allowed the call${said}: ${answer}`;
  }
  const who = identity.username ?? identity.arn;
  if (allowedBy !== undefined) return `Allowed by ${allowedBy.join(" and ")}: ${tried}, as ${who}.`;
  const said = [
    ...(tried === undefined ? [] : [` Tried: ${tried}`]),
    ...(who === undefined ? [] : [`${tried === undefined ? " Checked" : ","} as ${who}`]),
  ].join("");
  return `No fault found.${said}${said === "" ? "" : "."}`;
}

/** The most codes of causes shown after a suspicion. */
const SHOWN_CAUSES = 6;

/** `E1, A1 and 3 more`: the JSON has all of them. */
export function causeCodes(causes: readonly string[]): string {
  const more = causes.length - SHOWN_CAUSES;
  const shown = causes.slice(0, SHOWN_CAUSES).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Above the commands that decide between suspicions. */
export function nextStep(place: string): string {
  return `${place}, run this. Then paste the commands with their output, together with the error:`;
}

/** How the call failed, and what that means, by the kind of symptom. */
const SYMPTOM_WORDS: Readonly<Record<string, string>> = {
  unauthorized: "Unauthorized: the cluster did not accept this identity.",
  forbidden: "Forbidden: the cluster accepted this identity but does not allow the request.",
  anonymous: "Forbidden: the request carried no credentials, so it was made as system:anonymous.",
  "plugin-failed": "The credential plugin did not return a token.",
  unreachable: "The API server could not be reached.",
  "aws-refused": "AWS denied the request.",
  configuration: "The client failed before it called the cluster.",
  other: "The doctor does not recognize this error message.",
  none: "The call works.",
};

/** States that nothing explains the failure. */
export function unknownWords({ unknown, suspicions, notSeen, allowedBy }: DoctorReport): string {
  if (allowedBy !== undefined)
    return `Now allowed by ${allowedBy.join(" and ")}. Try again; a change takes effect within a minute.`;
  const words = unknown?.said === undefined ? "" : ` The plugin printed: “${unknown.said}”.`;
  const known = SYMPTOM_WORDS[unknown?.symptom ?? ""];
  const how = known ?? "There is not enough evidence: no failed call was seen.";
  if (suspicions.length === 0) return `${how}${words} The cause is not known.`;
  const why = lacksPermissions(notSeen) ? " Your permissions do not show why." : "";
  return `${how}${words}${why} Most likely first:`;
}

/** Whether something could not be seen because the caller is not allowed to see it. */
export function lacksPermissions(notSeen: DoctorReport["notSeen"]): boolean {
  return notSeen.some(({ reason }) =>
    /AccessDenied|not authorized|UnauthorizedOperation|forbidden/i.test(reason),
  );
}

/** The heading of suspicions besides a known cause. */
export const BESIDE_CAUSE = "Other possible causes, most likely first:";

/** `Fix (cluster admin): Create …`, and of an alternative: `Or (you): use …` */
export function fixWords({
  audience,
  description,
}: {
  readonly audience: Audience;
  readonly description: string;
}): readonly [heading: string, text: string] {
  const words = description.replace(/^Or,? /, "");
  return [`${words === description ? "Fix" : "Or"} (${audienceWords(audience)})`, words];
}

/** `cluster admin`, `IAM admin`, `you` */
export function audienceWords(audience: Audience): string {
  return audience === "iam-admin" ? "IAM admin" : audience.replace("-", " ");
}

/** `12 passed, 3 do not apply, 4 could not be decided` */
export function countWords({ passed, notApplicable, undecided }: Checked): string {
  return `${passed.length} passed, ${notApplicable.length} do not apply, ${undecided.length} could not be decided`;
}

/** Why a rule did not decide. A rule that needs nothing more and still did not decide has thrown. */
export function neededWords(missing: readonly string[]): string {
  return missing.length === 0 ? "a bug in the rule; --debug shows it" : `needs ${missing.join(", ")}`;
}

/** Parts that could not be seen, grouped by reason: `cluster, accessEntries: AccessDenied`. */
export function notSeenWords({ notSeen }: Pick<DoctorReport, "notSeen">): string[] {
  return [...Map.groupBy(notSeen, ({ reason }) => reason)].map(
    ([reason, parts]) => `${parts.map(({ part }) => part).join(", ")}: ${reason}`,
  );
}

/** The caller's identity, line by line, without what is not known. `localTime` formats when the token expires. */
export function identityWords(
  { identity: { arn, role, username, groups, tokenEnds } }: DoctorReport,
  localTime: (iso: string) => string,
): (readonly [name: string, value: string])[] {
  const rows = [
    ["AWS identity", arn],
    ["Role", role],
    ["Kubernetes user", username],
    ["Groups", groups?.join(", ")],
    ["Token expires", tokenEnds === undefined ? undefined : localTime(tokenEnds)],
  ] as const;
  return rows.flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[name, value]]));
}

/** What was tried, for users: the command, otherwise `list pods in namespace web`. */
export function triedText({ question, attempt }: Facts): string | undefined {
  return question?.command ?? (attempt && describeRequest(attempt));
}
