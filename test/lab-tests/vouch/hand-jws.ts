import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A P-256 key made by hand, with the public JWK that goes over the wire. */
export interface HandKey {
  readonly privateKey: KeyObject;
  readonly jwk: HandJwk;
}

interface HandJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
  readonly kid: string;
}

export function makeHandKey(): HandKey {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const canonical = `{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`;
  const kid = createHash("sha256").update(canonical).digest("base64url");
  return { privateKey, jwk: { kty: "EC", crv: "P-256", x, y, kid } };
}

type Signer = (input: Buffer) => Buffer;

/** ES256: r and s, 32 bytes each. */
export function es256({ privateKey }: HandKey): Signer {
  return (input) => sign("sha256", input, { key: privateKey, dsaEncoding: "ieee-p1363" });
}

/** A compact JWS of anything; members that are undefined are left out. */
export function compactJws(header: object, claims: object, signer: Signer): string {
  const input = `${encodeJson(header)}.${encodeJson(claims)}`;
  return `${input}.${signer(Buffer.from(input)).toString("base64url")}`;
}

export function encodeJson(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** The claims of a JWS, unverified. */
export function claimsOf(jws: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jws.split(".")[1] ?? "", "base64url").toString());
}
