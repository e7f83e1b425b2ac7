import { type KeyObject, verify } from "node:crypto";
import { decodeCborMap } from "./cbor-map.ts";
import { publicKeyOf } from "./jwk.ts";

/** Labels of a COSE key. Source: RFC 9052, 7.1; RFC 9053, 7.1 and 7.2. */
const ALG = 3;
const X = -2;
const Y = -3;

/** COSE algorithm numbers. Source: RFC 9053, 2.1 and 2.2. */
const ES256 = -7;
const EDDSA = -8;

/** A key of a credential, ready to verify. */
interface CredentialKey {
  readonly algorithm: number;
  readonly key: KeyObject;
}

/** Undefined for anything that is not a P-256 or an Ed25519 key. */
function readCoseKey(bytes: Uint8Array): CredentialKey | undefined {
  const map = decodeCborMap(bytes);
  const algorithm = map?.get(ALG);
  const x = coordinate(map?.get(X));
  const y = coordinate(map?.get(Y));
  if (x === undefined) return undefined;

  if (algorithm === ES256 && y !== undefined) {
    const key = publicKeyOf({ kty: "EC", crv: "P-256", x, y });
    return key && { algorithm, key };
  }
  if (algorithm === EDDSA) {
    const key = publicKeyOf({ kty: "OKP", crv: "Ed25519", x });
    return key && { algorithm, key };
  }
  return undefined;
}

/**
 * Whether this key made the signature: DER for ES256, 64 raw bytes for EdDSA.
 * Source: SERVER-CHECKS.md, "Login grant checks", F14.
 */
export function verifyWithCoseKey(cose: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
  const read = readCoseKey(cose);
  if (read === undefined) return false;
  return verify(read.algorithm === ES256 ? "sha256" : null, data, read.key, signature);
}

function coordinate(value: unknown): string | undefined {
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64url") : undefined;
}
