import { shownLines, withoutColors } from "../../token/text/printable.ts";
import type { DoctorReport } from "./report-schema.ts";

/** An ARN of a role, a user or a session outside of quotes and commands, where it might have to match to the letter. */
const ARN =
  /`[^`]*`|"[^"]*"|'[^']*'|(\b(?:role|user|group|username|username is) )?arn:aws[\w-]{0,20}:(?:iam|sts)::(\d{12}):((?:role|user|assumed-role|federated-user)\/[\w+=,.@/-]{1,600}[\w+=@/-])/gi;

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
  const text = sentence.replace(ARN, (whole, before?: string, account?: string, resource?: string) => {
    if (account === undefined || resource === undefined) return whole;
    if (before === undefined) return words(resource);
    // `role role Dev` is said once; a name in Kubernetes that is an ARN must match to the letter.
    const isRole = /^role /i.test(before) && resource.startsWith("role/");
    return isRole ? before + resource.slice("role/".length) : whole;
  });
  return sentence.startsWith("arn:") ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** `role Dev`, `user ada`, `session Dev/ada@example.com` */
function words(resource: string): string {
  const slash = resource.indexOf("/");
  const kind = resource.slice(0, slash);
  return `${kind === "assumed-role" ? "session" : kind.replace("-", " ")} ${resource.slice(slash + 1)}`;
}

/** Our own characters, and their replacements if only ASCII can be shown. */
const IN_ASCII: Readonly<Record<string, string>> = {
  "…": "...",
  "–": "-",
  "—": "-",
  "’": "'",
  "“": '"',
  "”": '"',
};

/**
 * A copy whose texts are safe to show on a terminal: parts of them come from servers and programs, and could otherwise move the
 * cursor or change colors.
 */
export function printable<T>(value: T, { unicode }: { readonly unicode: boolean }): T {
  return cleaned(value, unicode) as T;
}

/** Fields with commands and files, which were written for a shell or a tool: nothing visible in them is changed. */
const FOR_PASTING: ReadonlySet<string> = new Set(["commands", "command", "text"]);

function cleaned(value: unknown, unicode: boolean): unknown {
  if (typeof value === "string") return cleanText(value, unicode);
  if (Array.isArray(value)) return value.map((item) => cleaned(item, unicode));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      FOR_PASTING.has(name) ? seen(item) : cleaned(item, unicode),
    ]),
  );
}

function seen(item: unknown): unknown {
  if (typeof item === "string") return shownLines(item);
  return Array.isArray(item) ? item.map(seen) : item;
}

/** A sentence with a command keeps its characters, since they may be part of the command. */
function cleanText(text: string, unicode: boolean): string {
  const plain = shownLines(withoutColors(text));
  return unicode || text.includes("`")
    ? plain
    : plain.replaceAll(/[…–—’“”]/g, (sign) => IN_ASCII[sign] ?? sign);
}
