import assert from "node:assert/strict";
import { createPublicKey, type JsonWebKey, verify } from "node:crypto";

/** The parts of a compact ES256 token, its signature verified as r||s with the key given. */
export function openToken(
  token: string,
  jwk: JsonWebKey,
): { header: object; claims: Record<string, unknown> } {
  const [header = "", claims = "", signature = "", ...more] = token.split(".");
  assert.deepEqual(more, []);
  const bytes = Buffer.from(signature, "base64url");
  assert.equal(bytes.length, 64);
  const key = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" } as const;
  assert.ok(verify("sha256", Buffer.from(`${header}.${claims}`), key, bytes), "signature of the token");
  return { header: parsed(header), claims: parsed(claims) };
}

function parsed(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
}
