import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { encode } from "cborg";

/** A security key made by hand: signs whatever a test wants signed. */
export interface HandSecurityKey {
  readonly credentialId: Buffer;
  readonly cosePublicKey: Uint8Array;
  readonly privateKey: KeyObject;
  readonly algorithm: "ES256" | "EdDSA";
}

export function makeSecurityKey(algorithm: "ES256" | "EdDSA" = "ES256"): HandSecurityKey {
  const credentialId = randomBytes(32);
  if (algorithm === "EdDSA") {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const x = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
    return {
      credentialId,
      privateKey,
      algorithm,
      cosePublicKey: coseMap([
        [1, 1],
        [3, -8],
        [-1, 6],
        [-2, x],
      ]),
    };
  }
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const [xBytes, yBytes] = [Buffer.from(x, "base64url"), Buffer.from(y, "base64url")];
  const cosePublicKey = coseMap([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, xBytes],
    [-3, yBytes],
  ]);
  return { credentialId, privateKey, algorithm, cosePublicKey };
}

function coseMap(entries: [number, number | Uint8Array][]): Uint8Array {
  return encode(new Map(entries));
}

export interface AssertionParts {
  readonly rpId: string;
  readonly challenge: string;
  readonly flags: number;
  readonly counter: number;
  readonly type: string;
  readonly origin: string;
}

/** Authenticator data, client data and signature, as `getAssertion` and a careful client leave them. */
export function assertWith(
  key: HandSecurityKey,
  parts: AssertionParts,
): { authenticatorData: Buffer; clientDataJson: Buffer; signature: Buffer } {
  const { rpId, challenge, flags, counter, type, origin } = parts;
  const clientDataJson = Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const authenticatorData = Buffer.concat([sha256(rpId), Buffer.of(flags), uint32(counter)]);
  const signed = Buffer.concat([authenticatorData, sha256(clientDataJson)]);
  const signature = sign(key.algorithm === "EdDSA" ? null : "sha256", signed, key.privateKey);
  return { authenticatorData, clientDataJson, signature };
}

export function sha256(data: string | Buffer): Buffer {
  return createHash("sha256").update(data).digest();
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
