import { generateKeyPairSync } from "node:crypto";
import type { CborMap } from "./ctap-cbor.ts";
import type { FoundKey } from "./open-key.ts";
import { keyAgreementKey, type PinUvProtocol, sharedPoint } from "./pin-uv.ts";

/** The secret shared by both sides of a key agreement, and our half of the agreement. Wiped after use. */
export interface SharedSecret {
  readonly keyAgreement: CborMap;
  readonly encryptionKey: Buffer;
  readonly macKey: Buffer;
}

/** Agrees on a secret with the key, for one use: after each PIN, right or wrong, the key has a new half. */
export async function withSharedSecret<T>(
  key: FoundKey,
  protocol: PinUvProtocol,
  use: (secret: SharedSecret) => Promise<T>,
): Promise<T> {
  const theirs = await key.ctap.clientPin.getKeyAgreement(protocol.version);
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const point = sharedPoint(theirs, privateKey);
  const encryptionKey = protocol.encryptionKey(point);
  const macKey = protocol.macKey(point);
  try {
    return await use({ keyAgreement: keyAgreementKey(publicKey), encryptionKey, macKey });
  } finally {
    for (const secret of [point, encryptionKey, macKey]) secret.fill(0);
  }
}
