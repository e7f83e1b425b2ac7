import { constants, type KeyObject, sign, verify } from "node:crypto";
import { decodeBase64url } from "./base64url.ts";
import { type JsonObject, parseJsonObject } from "./json-object.ts";

/** A compact JWS taken apart; nothing of it is verified. */
export interface Jws {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly signingInput: Buffer;
  readonly signature: Buffer;
}

/** Undefined unless there are three base64url parts and the first two are JSON objects. */
export function parseJws(compact: string): Jws | undefined {
  const parts = compact.split(".");
  const [header, claims, signature] = parts.map(decodeBase64url);
  if (parts.length !== 3 || header === undefined || claims === undefined || signature === undefined) {
    return undefined;
  }
  const parsedHeader = parseJsonObject(header.toString());
  const parsedClaims = parseJsonObject(claims.toString());
  if (parsedHeader === undefined || parsedClaims === undefined) return undefined;

  const signingInput = Buffer.from(compact.slice(0, compact.lastIndexOf(".")));
  return { header: parsedHeader, claims: parsedClaims, signingInput, signature };
}

/** Verifies by `alg`, which the caller has already found acceptable for this key. */
export function verifyJws(jws: Jws, algorithm: string, key: KeyObject): boolean {
  switch (algorithm) {
    case "ES256":
      return verify("sha256", jws.signingInput, { key, dsaEncoding: "ieee-p1363" }, jws.signature);
    case "EdDSA":
      return verify(null, jws.signingInput, key, jws.signature);
    case "PS256": {
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      return verify("sha256", jws.signingInput, { key, padding, saltLength: 32 }, jws.signature);
    }
    case "RS256":
      return verify("sha256", jws.signingInput, key, jws.signature);
    default:
      return false;
  }
}

export interface JwsHeader {
  readonly typ: string;
  readonly alg: "ES256" | "RS256";
  readonly kid: string;
}

export function signJws(header: JwsHeader, claims: JsonObject, key: KeyObject): string {
  const input = jwsSigningInput(header, claims);
  const signature = sign("sha256", Buffer.from(input), { key, dsaEncoding: "ieee-p1363" });
  return `${input}.${signature.toString("base64url")}`;
}

export function jwsSigningInput(header: object, claims: JsonObject): string {
  return [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
}
