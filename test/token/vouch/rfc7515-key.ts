import { createPrivateKey } from "node:crypto";

/**
 * The P-256 key pair of RFC 7515, appendix A.3.1, and its fingerprint.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Worked example".
 */
const JWK = {
  kty: "EC",
  crv: "P-256",
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
  d: "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
} as const;

export const RFC7515_KID = "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U";

/** The key as our key store keeps it. Source of the form: token/vouch/VOUCH-PROTOCOL.md, "Client key". */
export function rfc7515Entry(changes: object = {}): string {
  const { d: _private, ...publicPart } = JWK;
  const key = createPrivateKey({ key: JWK, format: "jwk" });
  const pkcs8 = key.export({ type: "pkcs8", format: "der" }).toString("base64url");
  return JSON.stringify({ ...publicPart, kid: RFC7515_KID, pkcs8, ...changes });
}
