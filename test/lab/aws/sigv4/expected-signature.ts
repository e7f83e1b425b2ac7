import { createHash, createHmac } from "node:crypto";
import { type AwsRequest, decodedPairs } from "../request.ts";
import type { SignatureParts } from "./signature-parts.ts";

/**
 * The signature that this request should carry, or undefined when it signs a header that did not come along.
 *
 * Written against AWS's description, apart from the program's own signer, so that one can find fault with the other.
 *
 * Source: AWS General Reference, "Create a signed AWS API request".
 */
export function expectedSignature(
  request: AwsRequest,
  parts: SignatureParts,
  secret: string,
): string | undefined {
  const [, date = "", region = "", service = "", terminator = ""] = parts.credential.split("/");
  const headers: string[] = [];
  for (const name of parts.signedHeaders) {
    const value = request.headers[name];
    if (value === undefined) return undefined;
    headers.push(`${name}:${value.trim().replaceAll(/ +/g, " ")}\n`);
  }
  const canonicalRequest = [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    headers.join(""),
    parts.signedHeaders.join(";"),
    sha256(request.body),
  ].join("\n");
  const scope = [date, region, service, terminator].join("/");
  const stringToSign = ["AWS4-HMAC-SHA256", parts.timestamp, scope, sha256(canonicalRequest)].join("\n");
  const key = [date, region, service, terminator].reduce<string | Buffer>(hmac, `AWS4${secret}`);

  return hmac(key, stringToSign).toString("hex");
}

/** Every service but S3 encodes the path once more as it came over the wire, dot segments resolved. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") segments.pop();
    else segments.push(uriEncoded(segment));
  }
  const trailing = path.length > 1 && path.endsWith("/") && segments.length > 0 ? "/" : "";
  return `/${segments.join("/")}${trailing}`;
}

function canonicalQuery(query: string): string {
  return decodedPairs(query)
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [uriEncoded(name), uriEncoded(value)] as const)
    .sort(([a, aValue], [b, bValue]) => compared(a, b) || compared(aValue, bValue))
    .map((pair) => pair.join("="))
    .join("&");
}

function compared(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function uriEncoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
