import { type KeyObject, sign } from "node:crypto";

/**
 * A signed JSON token in compact form, ES256.
 *
 * The signature is the 64 bytes r||s that JWS wants; HTTP message signatures want another encoding of the same
 * thing (http-signature.ts). Source: RFC 7515, 3.1; RFC 7518, 3.4.
 */
export function es256Jws(header: object, claims: object, privateKey: KeyObject): string {
  const input = `${encoded(header)}.${encoded(claims)}`;
  const signature = sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${input}.${signature.toString("base64url")}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
