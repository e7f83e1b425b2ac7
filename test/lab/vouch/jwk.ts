import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { isJsonObject } from "./json-object.ts";

/** Members that only a private or a symmetric key has. Source: RFC 7518, 6.2.2, 6.3.2, 6.4.1. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

export function isJwk(value: unknown): value is JsonWebKey {
  return isJsonObject(value) && typeof value["kty"] === "string";
}

export function hasPrivateMembers(jwk: JsonWebKey): boolean {
  return PRIVATE_MEMBERS.some((member) => member in jwk);
}

/** Undefined when the members are no key, for instance a point off the curve. */
export function publicKeyOf(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: "jwk" });
  } catch {
    return undefined;
  }
}

/**
 * The key types a JWS algorithm of this server works with.
 * Source: SERVER-CHECKS.md, "Client assertion checks" and "DPoP checks".
 */
export function fitsAlgorithm(jwk: JsonWebKey, algorithm: string): boolean {
  switch (algorithm) {
    case "ES256":
      return jwk.kty === "EC" && jwk.crv === "P-256";
    case "EdDSA":
      return jwk.kty === "OKP" && jwk.crv === "Ed25519";
    case "PS256":
    case "RS256":
      return jwk.kty === "RSA";
    default:
      return false;
  }
}

/** Members of the thumbprint, in its order. Source: RFC 7638, 3.2; RFC 8037, 2. */
const THUMBPRINT_MEMBERS: Readonly<Record<string, readonly (keyof JsonWebKey & string)[]>> = {
  EC: ["crv", "kty", "x", "y"],
  OKP: ["crv", "kty", "x"],
  RSA: ["e", "kty", "n"],
};

/** RFC 7638 SHA-256 thumbprint. */
export function thumbprintOf(jwk: JsonWebKey): string {
  const members = THUMBPRINT_MEMBERS[jwk.kty ?? ""] ?? [];
  const canonical = JSON.stringify(Object.fromEntries(members.map((member) => [member, jwk[member]])));
  return createHash("sha256").update(canonical).digest("base64url");
}
