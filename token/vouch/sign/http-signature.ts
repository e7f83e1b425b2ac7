import { createHash, sign } from "node:crypto";
import type { ClientKey } from "./client-key.ts";

/**
 * How the bytes of an HTTP signature are encoded. RFC 9421 requires r and s, one after the
 * other (`ieee-p1363`); Vouch signs and verifies DER under the same name. This is the only place to change once that is fixed.
 * Source: VOUCH-PROTOCOL.md, "Message signature".
 */
export type SignatureEncoding = "der" | "ieee-p1363";
export const SIGNATURE_ENCODING: SignatureEncoding = "der";

export interface HttpSignatureInput {
  readonly key: ClientKey;
  readonly method: string;
  readonly url: URL;
  readonly authorization: string;
  readonly dpop: string;
  readonly content?: { readonly type: string; readonly body: string } | undefined;
  readonly nowMs: number;
  readonly nonce?: string | undefined;
  readonly encoding: SignatureEncoding;
}

/**
 * The headers that sign a request: Signature-Input and Signature, and Content-Digest if there is a body.
 *
 * Source: RFC 9421, 2 and 3.1, in the profile of VOUCH-PROTOCOL.md, "Message signature" (order of components and
 * parameters).
 */
export function httpSignature(input: HttpSignatureInput): Record<string, string> {
  const { key, encoding } = input;
  const digest = input.content === undefined ? {} : { "content-digest": contentDigest(input.content.body) };
  const components = coveredComponents(input, digest);
  const parameters = signatureParameters(Object.keys(components), input);
  const base = signatureBase(components, parameters);
  const signature = sign("sha256", Buffer.from(base), { key: key.privateKey, dsaEncoding: encoding });

  return {
    ...digest,
    "signature-input": `sig1=${parameters}`,
    signature: `sig1=:${signature.toString("base64")}:`,
  };
}

/** What is signed: a line for each component, then the parameters. Source: RFC 9421, 2.5. */
export function signatureBase(components: Readonly<Record<string, string>>, parameters: string): string {
  const lines = Object.entries(components).map(([name, value]) => `"${name}": ${value}`);
  return [...lines, `"@signature-params": ${parameters}`].join("\n");
}

function coveredComponents(
  input: HttpSignatureInput,
  digest: Record<string, string>,
): Record<string, string> {
  const { method, url, authorization, dpop, content } = input;
  return {
    "@method": method,
    "@authority": url.host,
    "@path": url.pathname,
    "@query": url.search === "" ? "?" : url.search,
    authorization,
    dpop,
    ...(content === undefined ? {} : { "content-type": content.type, ...digest }),
  };
}

function signatureParameters(components: readonly string[], input: HttpSignatureInput): string {
  const names = components.map((name) => `"${name}"`).join(" ");
  const created = Math.floor(input.nowMs / 1000);
  const nonce = input.nonce === undefined ? "" : `;nonce="${input.nonce}"`;
  return `(${names});alg="ecdsa-p256-sha256";created=${created};keyid="${input.key.kid}"${nonce}`;
}

/** Source: RFC 9530, 2. */
function contentDigest(body: string): string {
  return `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
}
