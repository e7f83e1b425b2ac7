import type { LabWorld } from "../../model.ts";
import { type Caller, findCredential } from "../caller.ts";
import type { Endpoint } from "../endpoint.ts";
import type { AwsRequest } from "../request.ts";
import { formatAmzDate, parseAmzDate } from "./amz-date.ts";
import { expectedSignature } from "./expected-signature.ts";
import { type Refusals, refusalsOf } from "./refusal.ts";
import { type SignatureParts, signatureParts } from "./signature-parts.ts";

const MINUTE_MS = 60_000;

/**
 * How far a signature's time may be from the service's, in minutes, either way.
 *
 * Source: devsecops/bootcamp#101 and QT-DevOps/DevOpsIssues#989 (refusals of STS), aws/aws-sdk-js#1652 (of others).
 */
const SKEW_MINUTES = { sts: 15, others: 5 };

interface Authentication {
  readonly request: AwsRequest;
  readonly endpoint: Endpoint;
  readonly world: LabWorld;
  readonly now: Date;
}

/**
 * Who signed a request; throws AWS's own refusal.
 *
 * The order of the checks is AWS's: form, time, scope, key and session token, and the signature last. X-Amz-Expires is
 * deliberately not looked at: STS ignores it too (aws/aws-sdk-go#2167).
 */
export function authenticate({ request, endpoint, world, now }: Authentication): Caller {
  const refuse = refusalsOf(endpoint.service);
  const parts = signatureParts(request, refuse);
  const skewMinutes = endpoint.service === "sts" ? SKEW_MINUTES.sts : SKEW_MINUTES.others;
  requireTime(parts.timestamp, skewMinutes, { now: now.getTime(), refuse });
  if (!parts.signedHeaders.includes("host")) {
    throw refuse.signature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const accessKeyId = requireScope(parts, endpoint, refuse);

  const credential = findCredential(world, accessKeyId, parts.sessionToken, now);
  if (credential === "invalid") throw refuse.invalid();
  if (credential === "expired") throw refuse.expired();
  const expected = expectedSignature(request, parts, credential.secret);
  if (expected === undefined || expected !== parts.signature) throw refuse.signature();
  if (!credential.caller.session && parts.sessionToken !== undefined) throw refuse.invalid();

  return credential.caller;
}

function requireTime(
  timestamp: string,
  skewMinutes: number,
  { now, refuse }: { now: number; refuse: Refusals },
): void {
  const signedAt = parseAmzDate(timestamp);
  if (signedAt === undefined) {
    throw refuse.incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${timestamp}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  const server = Math.floor(now / 1000) * 1000;
  const earliest = server - skewMinutes * MINUTE_MS;
  const latest = server + skewMinutes * MINUTE_MS;
  const clock = formatAmzDate(server);
  if (signedAt < earliest) {
    throw refuse.signature(
      `Signature expired: ${timestamp} is now earlier than ${formatAmzDate(earliest)} (${clock} - ${skewMinutes} min.)`,
    );
  }
  if (signedAt > latest) {
    throw refuse.signature(
      `Signature not yet current: ${timestamp} is still later than ${formatAmzDate(latest)} (${clock} + ${skewMinutes} min.)`,
    );
  }
}

/** Returns the access key ID of a credential whose scope fits the endpoint. */
function requireScope(parts: SignatureParts, endpoint: Endpoint, refuse: Refusals): string {
  const fields = parts.credential.split("/");
  const [accessKeyId = "", date = "", region = "", service = "", terminator = ""] = fields;
  if (fields.length !== 5) {
    throw refuse.incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${parts.credential}'`,
    );
  }
  const day = parts.timestamp.slice(0, 8);
  const complaints = [
    endpoint.region !== undefined &&
      region !== endpoint.region &&
      "Credential should be scoped to a valid region. ",
    service !== endpoint.service && `Credential should be scoped to correct service: '${endpoint.service}'. `,
    terminator !== "aws4_request" &&
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'. `,
    date !== day &&
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${day}', from '${parts.timestamp}'.`,
  ].filter((complaint) => complaint !== false);
  if (complaints.length > 0) throw refuse.signature(complaints.join(""));
  return accessKeyId;
}
