import { createHash, sign } from "node:crypto";
import type { HandKey } from "./hand-jws.ts";

export interface MessageToSign {
  readonly key: HandKey;
  readonly method: string;
  readonly authority: string;
  /** With the query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly created: number;
  readonly nonce?: string | undefined;
}

/** How a test breaks a signature. */
export interface SignatureChanges {
  readonly components?: readonly string[];
  /** Replaces all parameters, written as on the wire: `;created=1`. */
  readonly parameters?: string;
  readonly encoding?: "der" | "ieee-p1363";
  readonly label?: string;
}

const WORDS: Readonly<Record<string, (message: MessageToSign) => string>> = {
  "@method": ({ method }) => method,
  "@authority": ({ authority }) => authority,
  "@path": ({ target }) => target.split("?")[0] ?? "",
  "@query": ({ target }) => (target.includes("?") ? target.slice(target.indexOf("?")) : "?"),
};

/** `Signature-Input` and `Signature` for a message, by RFC 9421 with Vouch's DER. */
export function signatureHeaders(
  message: MessageToSign,
  changes: SignatureChanges = {},
): Record<string, string> {
  const { key, created, nonce, headers, body } = message;
  const components = changes.components ?? [
    "@method",
    "@authority",
    "@path",
    "@query",
    "authorization",
    ...("DPoP" in headers ? ["dpop"] : []),
    ...(body === "" ? [] : ["content-type", "content-digest"]),
  ];
  const parameters =
    changes.parameters ??
    `;alg="ecdsa-p256-sha256";created=${created};keyid="${key.jwk.kid}"${nonce === undefined ? "" : `;nonce="${nonce}"`}`;
  const list = `(${components.map((name) => `"${name}"`).join(" ")})${parameters}`;

  const lines = components.map((name) => `"${name}": ${WORDS[name]?.(message) ?? fieldOf(headers, name)}`);
  const base = [...lines, `"@signature-params": ${list}`].join("\n");
  const dsaEncoding = changes.encoding ?? "der";
  const signature = sign("sha256", Buffer.from(base), { key: key.privateKey, dsaEncoding }).toString(
    "base64",
  );
  const label = changes.label ?? "sig1";
  return { "Signature-Input": `${label}=${list}`, Signature: `${label}=:${signature}:` };
}

export function contentDigest(body: string): string {
  return `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
}

function fieldOf(headers: Readonly<Record<string, string>>, name: string): string {
  return Object.entries(headers).find(([header]) => header.toLowerCase() === name)?.[1] ?? "";
}
