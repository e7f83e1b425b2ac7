import {
  createPublicKey,
  generateKeyPair,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from "node:crypto";
import { promisify } from "node:util";
import { thumbprintOf } from "./jwk.ts";

/** A key the server signs with, and its line in the JWKS. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: JsonWebKey;
}

/** The server's P-256 key: access tokens and exchanged ID tokens. */
export function makeEcKey(): SigningKey {
  return signingKey(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey, "ES256");
}

/** Bits of the RSA key. Source: token/vouch/VOUCH-PROTOCOL.md, "Sizes". */
const RSA_BITS = 3072;

let rsaKey: Promise<SigningKey> | undefined;

/** The RSA key of the AWS ID tokens. All stand-ins of one process share it: making one takes up to a second. */
export function sharedRsaKey(): Promise<SigningKey> {
  rsaKey ??= promisify(generateKeyPair)("rsa", { modulusLength: RSA_BITS }).then(({ privateKey }) =>
    signingKey(privateKey, "RS256"),
  );
  return rsaKey;
}

function signingKey(privateKey: KeyObject, alg: string): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const members = publicKey.export({ format: "jwk" });
  const kid = thumbprintOf(members);
  return { kid, privateKey, publicKey, jwk: { ...members, kid, use: "sig", alg } };
}
