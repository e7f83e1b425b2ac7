import { malformed } from "./refusal.ts";
import { checkStsHost, type VerifierPlace } from "./sts-host.ts";

/** What a token says before anybody has asked STS. The path and query are a bearer secret. */
export interface PresignedUrl {
  readonly host: string;
  readonly pathAndQuery: string;
  readonly accessKeyId: string;
}

/** Bytes of the whole token. Source: aws-iam-authenticator, pkg/token/token.go, `maxTokenLenBytes`. */
const MAX_TOKEN_BYTES = 4096;
const PREFIX = "k8s-aws-v1.";
/**
 * Milliseconds a presigned URL lives after X-Amz-Date. Source: aws-iam-authenticator, pkg/token/token.go,
 * `presignedURLExpiration`.
 */
const LIFETIME_MS = 15 * 60 * 1000;
/** Seconds. Source: aws-iam-authenticator, pkg/token/token.go, `Verify`. */
const MAX_EXPIRES = 900;
/** Source: aws-iam-authenticator, pkg/token/token.go, `parameterWhitelist`. */
const ALLOWED = new Set([
  "action",
  "version",
  "x-amz-algorithm",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-expires",
  "x-amz-security-token",
  "x-amz-signature",
  "x-amz-signedheaders",
]);

/** Checks in the order of aws-iam-authenticator, pkg/token/token.go, `Verify`. `now` is in epoch milliseconds. */
export function readPresignedUrl(token: string, place: VerifierPlace, now: number): PresignedUrl {
  if (Buffer.byteLength(token) > MAX_TOKEN_BYTES) throw malformed("token is too large");
  if (!token.startsWith(PREFIX)) throw malformed(`token is missing expected "${PREFIX}" prefix`);

  const url = splitUrl(decodeBase64Url(token.slice(PREFIX.length)));
  if (url.scheme !== "https") throw malformed(`unexpected scheme "${url.scheme}" in pre-signed URL`);
  checkStsHost(url.host, place);
  if (url.path !== "/") throw malformed("unexpected path in pre-signed URL");

  const query = lowerCasedQuery(url.query);
  if (query.get("action") !== "GetCallerIdentity") {
    throw malformed("unexpected action parameter in pre-signed URL");
  }
  const signed = (query.get("x-amz-signedheaders") ?? "").toLowerCase().split(";");
  if (!signed.includes("x-k8s-aws-id")) {
    throw malformed("client did not sign the x-k8s-aws-id header in the pre-signed URL");
  }
  checkExpires(query.get("x-amz-expires") ?? "");
  checkDate(query.get("x-amz-date") ?? "", now);

  return {
    host: url.host,
    pathAndQuery: `${url.path}?${url.query}`,
    accessKeyId: (query.get("x-amz-credential") ?? "").split("/")[0] ?? "",
  };
}

/** Base64url without padding, and with Go's message for the first wrong byte. */
function decodeBase64Url(text: string): string {
  const wrong = text.search(/[^A-Za-z0-9_-]/);
  const at = wrong >= 0 ? wrong : text.length % 4 === 1 ? text.length - 1 : undefined;
  if (at !== undefined) throw malformed(`illegal base64 data at input byte ${at}`);
  return Buffer.from(text, "base64url").toString();
}

/**
 * Go's `url.Parse` as far as the verifier uses it. Node's `URL` is not used: it would repair ports, case and paths
 * that the verifier compares as they stand. The URL is left out of the message: it is a secret.
 */
function splitUrl(text: string): { scheme: string; host: string; path: string; query: string } {
  const found = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/.exec(text);
  if (found === null) throw malformed("parse: missing protocol scheme");
  const [, scheme = "", authority = "", path = "", query = ""] = found;
  return { scheme: scheme.toLowerCase(), host: authority.replace(/^.*@/, ""), path, query };
}

function lowerCasedQuery(text: string): Map<string, string> {
  const query = parseQuery(text);
  const seen = new Set<string>();
  for (const key of query.keys()) {
    if (seen.has(key.toLowerCase())) throw malformed(`duplicate query parameter found: "${key}"`);
    seen.add(key.toLowerCase());
  }
  const lower = new Map<string, string>();
  for (const [key, values] of query) {
    if (!ALLOWED.has(key.toLowerCase())) throw malformed(`non-whitelisted query parameter "${key}"`);
    if (values.length !== 1) throw malformed("query parameter with multiple values not supported");
    lower.set(key.toLowerCase(), values[0] ?? "");
  }
  return lower;
}

function parseQuery(text: string): Map<string, string[]> {
  const query = new Map<string, string[]>();
  for (const part of text.split("&").filter((piece) => piece !== "")) {
    if (part.includes(";")) throw malformed("malformed query parameter");
    const [key = "", ...rest] = part.split("=");
    const name = unescapeQuery(key);
    query.set(name, [...(query.get(name) ?? []), unescapeQuery(rest.join("="))]);
  }
  return query;
}

function unescapeQuery(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw malformed("malformed query parameter");
  }
}

function checkExpires(text: string): void {
  const seconds = /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
  if (seconds === undefined || seconds < 0 || seconds > MAX_EXPIRES) {
    throw malformed(`invalid X-Amz-Expires parameter in pre-signed URL: ${seconds ?? 0}`);
  }
}

/** A date in the future passes here: only STS refuses it. */
function checkDate(text: string, now: number): void {
  if (text === "") throw malformed("X-Amz-Date parameter must be present in pre-signed URL");
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const signed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signed)) {
    const layout = "20060102T150405Z";
    throw malformed(
      `error parsing X-Amz-Date parameter ${text} into format ${layout}: parsing time "${text}" as "${layout}": cannot parse "${text}" as "2006"`,
    );
  }
  if (now > signed + LIFETIME_MS) {
    const shown = `${year}-${month}-${day} ${hour}:${minute}:${second} +0000 UTC`;
    throw malformed(`X-Amz-Date parameter is expired (15 minute expiration) ${shown}`);
  }
}
