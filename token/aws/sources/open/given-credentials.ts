import { serverValue } from "../../../net/server-text.ts";
import { type JsonRecord, textMember } from "../../../record.ts";
import { localTime } from "../../../text/time.ts";
import {
  type AwsCredentials,
  credentialMember,
  readExpiration,
  type TemporaryCredentials,
} from "../../aws-credentials.ts";

/**
 * Why these are no credentials; continues a sentence about their source: `does not contain SecretAccessKey`. Contains no value that may be
 * a secret.
 */
interface Fault {
  readonly fault: string;
}

/**
 * Credentials in the form of processes, containers, machines and AWS's own caches: AccessKeyId, SecretAccessKey, Expiration, and
 * a session token whose name depends on the source. An invalid date is a fault: a comparison with it would always be false.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Expirations".
 */
export function givenCredentials(
  record: JsonRecord | undefined,
  tokenMember: "SessionToken" | "Token",
): AwsCredentials | Fault {
  const accessKeyId = credentialMember(record, "AccessKeyId");
  const secretAccessKey = credentialMember(record, "SecretAccessKey");
  if (accessKeyId === undefined) return { fault: "does not contain AccessKeyId" };
  if (secretAccessKey === undefined) return { fault: "does not contain SecretAccessKey" };
  const said = record?.["Expiration"] ?? undefined;
  const expires = typeof said === "string" ? readExpiration(said) : undefined;
  if (said !== undefined && expires === undefined)
    return {
      fault: `contains Expiration ${serverValue(said)}, which is not a date such as 2026-01-15T12:00:00Z`,
    };
  const sessionToken = credentialMember(record, tokenMember);
  if (sessionToken === undefined && textMember(record, tokenMember) !== undefined)
    return { fault: `contains a ${tokenMember} that cannot be sent` };
  return { accessKeyId, secretAccessKey, sessionToken, expires };
}

/** The credentials in a record, if they belong to a session that has not ended; `now` is in milliseconds since 1970. */
export function temporaryCredentials(
  record: JsonRecord | undefined,
  now: number,
): TemporaryCredentials | Fault {
  const given = givenCredentials(record, "Token");
  if ("fault" in given) return given;
  const { sessionToken, expires } = given;
  if (sessionToken === undefined) return { fault: "does not contain Token" };
  if (expires === undefined) return { fault: "does not contain Expiration" };
  if (expires <= now) return { fault: `contains credentials that expired at ${localTime(expires)}` };
  return { ...given, sessionToken, expires };
}
