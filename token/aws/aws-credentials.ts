import { type JsonRecord, textMember } from "../record.ts";

/** Credentials that sign calls to AWS. Secret as a whole. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Undefined for the keys of an IAM user. */
  readonly sessionToken: string | undefined;
  /** Milliseconds since 1970; undefined if the end is not known. */
  readonly expires: number | undefined;
  /** Whose they are, as AWS named them when it issued them. */
  readonly arn?: string | undefined;
}

/** Credentials of a session, as STS gives them. */
export interface TemporaryCredentials extends AwsCredentials {
  readonly sessionToken: string;
  readonly expires: number;
}

/** What a header or an address can carry unchanged. */
const SENDABLE = /^[\x21-\x7e]+$/;

/** A part of credentials in an answer or a file; undefined if it is absent or cannot be sent. */
export function credentialMember(record: JsonRecord | undefined, name: string): string | undefined {
  const text = textMember(record, name);
  return text !== undefined && SENDABLE.test(text) ? text : undefined;
}

/**
 * ISO 8601, also with a blank instead of the T, as Python prints it, and with `UTC` instead of Z, as in old files of the AWS CLI.
 */
const DATE = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,9})? ?(Z|UTC|[+-]\d\d:?\d\d)$/;

/**
 * When credentials or a token end, in milliseconds since 1970; undefined if the text is no date. A date without a time zone is no
 * date, since its time is unknown.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Expirations".
 */
export function readExpiration(text: string): number | undefined {
  const [, day = "", time, fraction = "", zone = ""] = DATE.exec(text) ?? [];
  const offset = zone === "UTC" ? "Z" : zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
  const epochMs = Date.parse(`${day}T${time}${fraction}${offset}`);
  return Number.isNaN(epochMs) || !isDay(day) ? undefined : epochMs;
}

/** JavaScript would read February 30 as a day in March. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** Whether the time can be written with a four-digit year. */
export function isWritableTime(epochMs: number): boolean {
  return epochMs >= 0 && epochMs < Date.UTC(10_000, 0);
}
