import { createHash, createHmac } from "node:crypto";
import { amzDate } from "./token-form.ts";

/** The credentials that sign. Only temporary ones have a session token. */
export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** A request to be signed in its query string (AWS Signature Version 4, "presigned"). */
export interface PresignRequest {
  readonly method: string;
  /** Absolute path, percent-encoded as it will be sent. */
  readonly path: string;
  /** Parameters, not encoded, without those of the signature. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Headers to sign, `host` among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Hexadecimal SHA-256 of the body; if absent, that of an empty one. */
  readonly payloadHash?: string;
}

interface PresignScope {
  readonly region: string;
  readonly service: string;
  /** Milliseconds since 1970. */
  readonly signedAt: number;
  readonly expiresSeconds: number;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/**
 * The query string of the signed request, `X-Amz-Signature` last.
 *
 * Source: AWS General Reference, "Authenticating requests: using query parameters"; vectors in
 * test/vectors/sigv4-query.json.
 */
export function presignedQuery(
  request: PresignRequest,
  credentials: SigningCredentials,
  scope: PresignScope,
): string {
  const date = amzDate(scope.signedAt);
  const credentialScope = `${date.slice(0, 8)}/${scope.region}/${scope.service}/aws4_request`;
  const names = Object.keys(request.headers).map((name) => name.toLowerCase());
  const signedHeaders = names.sort().join(";");

  const query = canonicalQuery([
    ...request.query,
    ["X-Amz-Algorithm", ALGORITHM],
    ["X-Amz-Credential", `${credentials.accessKeyId}/${credentialScope}`],
    ["X-Amz-Date", date],
    ["X-Amz-Expires", String(scope.expiresSeconds)],
    ...(credentials.sessionToken === undefined
      ? []
      : ([["X-Amz-Security-Token", credentials.sessionToken]] as const)),
    ["X-Amz-SignedHeaders", signedHeaders],
  ]);
  const canonicalRequest = [
    request.method,
    request.path,
    query,
    canonicalHeaders(request.headers),
    signedHeaders,
    request.payloadHash ?? sha256Hex(""),
  ].join("\n");
  const stringToSign = [ALGORITHM, date, credentialScope, sha256Hex(canonicalRequest)].join("\n");

  const key = [date.slice(0, 8), scope.region, scope.service, "aws4_request"].reduce<string | Buffer>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${credentials.secretAccessKey}`,
  );
  return `${query}&X-Amz-Signature=${createHmac("sha256", key).update(stringToSign).digest("hex")}`;
}

function canonicalQuery(parameters: readonly (readonly [string, string])[]): string {
  return parameters
    .map(([name, value]) => [rfc3986(name), rfc3986(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function canonicalHeaders(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim().replaceAll(/ +/g, " ")] as const)
    .sort(([a], [b]) => compare(a, b))
    .map(([name, value]) => `${name}:${value}\n`)
    .join("");
}

/** A text as AWS escapes it in a query. */
export function rfc3986(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
