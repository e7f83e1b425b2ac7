import type { DoctorReport } from "./report-schema.ts";

/** An ARN of a role, a user or a session outside of quotes and commands, where it might have to match to the letter. */
const ARN =
  /`[^`]*`|"[^"]*"|'[^']*'|arn:aws[\w-]{0,20}:(?:iam|sts)::(\d{12}):((?:role|user|assumed-role|federated-user)\/[\w+=,.@/-]{1,600}[\w+=@/-])/g;

/**
 * A copy whose sentences have `role Dev` for `arn:aws:iam::111122223333:role/Dev`, if all ARNs are of one account. Commands and
 * the message to an admin keep whole ARNs.
 */
export function withShortArns(report: DoctorReport): DoctorReport {
  const { rootCauses, suspicions, warnings } = report;
  const sentences = JSON.stringify([rootCauses, suspicions, warnings, report.tried, report.identity]);
  const accounts = new Set(sentences.match(/(?<=:)\d{12}(?=:)/g));
  if (accounts.size !== 1) return report;
  return {
    ...report,
    rootCauses: rootCauses.map((cause) => ({
      ...shortened(cause),
      explains: cause.explains.map((other) => ({ ...other, summary: short(other.summary) })),
    })),
    suspicions: suspicions.map((one) => ({
      ...one,
      summary: short(one.summary),
      hints: one.hints.map(short),
    })),
    warnings: warnings.map(shortened),
  };
}

function shortened<T extends DoctorReport["warnings"][number]>(finding: T): T {
  const { summary, evidence, falsifiedBy } = finding;
  return {
    ...finding,
    summary: short(summary),
    evidence: evidence.map(short),
    falsifiedBy: short(falsifiedBy),
  };
}

function short(sentence: string): string {
  const text = sentence.replace(ARN, (whole, account?: string, resource?: string) =>
    account === undefined || resource === undefined ? whole : words(resource),
  );
  return sentence.startsWith("arn:") ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** `role Dev`, `user ada`, `session Dev/ada@example.com` */
function words(resource: string): string {
  const slash = resource.indexOf("/");
  const kind = resource.slice(0, slash);
  return `${kind === "assumed-role" ? "session" : kind.replace("-", " ")} ${resource.slice(slash + 1)}`;
}
