import { asText, quoted } from "./go-text.ts";
import { parseAmzTime } from "./go-time.ts";
import { cut, parseUrl, unescaped } from "./go-url.ts";
import { malformed, Refusal } from "./refusal.ts";
import { checkStsHost, type VerifierPlace } from "./sts-host.ts";

/** What a token says before anybody has asked STS. The path and query are a bearer secret. */
export interface PresignedUrl {
  readonly host: string;
  /** `user:password`, in bytes (go-text.ts): Go's client sends it as an Authorization header. None as a rule. */
  readonly userInfo?: string;
  /** In bytes (go-text.ts). */
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

  const url = orRefuse("parse: ", () => parseUrl(decodeBase64Url(token.slice(PREFIX.length))));
  if (url.scheme !== "https") throw malformed(`unexpected scheme "${url.scheme}" in pre-signed URL`);
  checkStsHost(url.host, place);
  if (url.path !== "/") throw malformed("unexpected path in pre-signed URL");

  const query = lowerCasedQuery(url.rawQuery);
  if (query.get("action") !== "GetCallerIdentity") {
    throw malformed("unexpected action parameter in pre-signed URL");
  }
  const signed = (query.get("x-amz-signedheaders") ?? "").split(";");
  // With the flag u: the long s is an s, as for Go's EqualFold.
  if (!signed.some((name) => /^x-k8s-aws-id$/iu.test(name))) {
    throw malformed("client did not sign the x-k8s-aws-id header in the pre-signed URL");
  }
  checkExpires(query.get("x-amz-expires") ?? "");
  checkDate(query.get("x-amz-date") ?? "", now);

  return {
    host: url.host,
    ...(url.userInfo === undefined ? {} : { userInfo: url.userInfo }),
    pathAndQuery: `${url.path}?${url.rawQuery}`,
    accessKeyId: (query.get("x-amz-credential") ?? "").split("/")[0] ?? "",
  };
}

/** Base64url without padding, line ends in it or not, to bytes; with Go's message for the first wrong one. */
function decodeBase64Url(text: string): string {
  const wrong = text.search(/[^A-Za-z0-9_\r\n-]/);
  const letters = text.replaceAll(/[\r\n]/g, "");
  const at = wrong >= 0 ? wrong : letters.length % 4 === 1 ? text.length - 1 : undefined;
  if (at !== undefined) throw malformed(`illegal base64 data at input byte ${at}`);
  return Buffer.from(letters, "base64url").toString("latin1");
}

/** The URL is left out of the message: it is a secret. */
function orRefuse<T>(prefix: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Refusal ? error : malformed(prefix + (error as Error).message);
  }
}

/** By lower-case name. */
function lowerCasedQuery(text: string): Map<string, string> {
  const query = parseQuery(text);
  const names = [...query.keys()];
  const twice = names.find((name, index) => names.findIndex((other) => isSame(name, other)) < index);
  if (twice !== undefined) throw malformed(`duplicate query parameter found: ${quoted(twice)}`);
  for (const [name, values] of query) {
    if (!ALLOWED.has(lowerCased(name))) throw malformed(`non-whitelisted query parameter ${quoted(name)}`);
    if (values.length !== 1) throw malformed("query parameter with multiple values not supported");
  }
  return new Map([...query].map(([name, [value = ""]]) => [lowerCased(name), asText(value)]));
}

function isSame(one: string, other: string): boolean {
  return lowerCased(one) === lowerCased(other);
}

function lowerCased(bytes: string): string {
  return asText(bytes).toLowerCase();
}

/** Source: Go 1.26, net/url, `ParseQuery`. */
function parseQuery(text: string): Map<string, string[]> {
  const query = new Map<string, string[]>();
  for (const part of text.split("&").filter((piece) => piece !== "")) {
    if (part.includes(";")) throw malformed("malformed query parameter");
    const [name, value] = cut(part, "=").map(unescapedParameter);
    query.set(name ?? "", [...(query.get(name ?? "") ?? []), value ?? ""]);
  }
  return query;
}

function unescapedParameter(text: string): string {
  try {
    return unescaped(text.replaceAll("+", " "));
  } catch {
    throw malformed("malformed query parameter");
  }
}

/** Go's `Atoi` gives the nearest 64-bit number for one that is out of range, and 0 for anything else. */
function checkExpires(text: string): void {
  const [digits] = /^[+-]?\d+$/.exec(text) ?? [];
  const seconds = BigInt(digits ?? 0);
  if (digits !== undefined && seconds >= 0n && seconds <= MAX_EXPIRES) return;
  const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n];
  const read = seconds < least ? least : seconds > most ? most : seconds;
  throw malformed(`invalid X-Amz-Expires parameter in pre-signed URL: ${read}`);
}

/** A date in the future passes here: only STS refuses it. */
function checkDate(text: string, now: number): void {
  if (text === "") throw malformed("X-Amz-Date parameter must be present in pre-signed URL");
  const words = `error parsing X-Amz-Date parameter ${text} into format 20060102T150405Z: `;
  const signed = orRefuse(words, () => parseAmzTime(text));
  if (now > signed.epochMs + LIFETIME_MS) {
    throw malformed(`X-Amz-Date parameter is expired (15 minute expiration) ${signed.text}`);
  }
}
