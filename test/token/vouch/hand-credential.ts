import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { Assertion } from "../../../token/fido2/ceremony/assertion.ts";
import type { PendingLogin } from "../../../token/vouch/session/login.ts";

/** A discoverable P-256 credential made by hand: what a security key would hold and answer. */
export interface HandCredential {
  readonly credentialId: Uint8Array;
  readonly cosePublicKey: Uint8Array;
  answer(login: PendingLogin, userId: string): Assertion;
}

/** User present and user verified. Source: WebAuthn Level 2, 6.1. */
const FLAGS = 0x05;

export function handCredential(): HandCredential {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const credentialId = randomBytes(32);
  let counter = 0;

  return {
    credentialId,
    // {1: 2, 3: -7, -1: 1, -2: x, -3: y}. Source: RFC 9053, 7.1.1.
    cosePublicKey: Buffer.concat([
      Buffer.from("a5010203262001215820", "hex"),
      Buffer.from(x, "base64url"),
      Buffer.from("225820", "hex"),
      Buffer.from(y, "base64url"),
    ]),
    answer({ rpId, challenge }, userId) {
      const clientDataJson = Buffer.from(
        `{"type":"webauthn.get","challenge":"${challenge}","origin":"https://${rpId}","crossOrigin":false}`,
      );
      const count = Buffer.alloc(4);
      count.writeUInt32BE(++counter);
      const authenticatorData = Buffer.concat([sha256(rpId), Buffer.of(FLAGS), count]);
      return {
        credentialId,
        authenticatorData,
        signature: sign("sha256", Buffer.concat([authenticatorData, sha256(clientDataJson)]), privateKey),
        clientDataJson,
        userHandle: Buffer.from(userId.replaceAll("-", ""), "hex"),
      };
    },
  };
}

function sha256(data: string | Uint8Array): Buffer {
  return createHash("sha256").update(data).digest();
}
