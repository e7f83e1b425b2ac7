import { generateKeyPairSync, randomBytes } from "node:crypto";
import { malformedAnswer } from "./ctap-cbor.ts";
import { CTAP_STATUS, CtapStatusError } from "./ctap-status.ts";
import type { FoundKey } from "./find-key.ts";
import { keyAgreementKey, type PinUvProtocol, sharedPoint } from "./pin-uv.ts";

export interface PinTokenOptions {
  readonly protocol: PinUvProtocol;
  readonly rpId: string;
  readonly pinHash: Uint8Array;
}

/**
 * A token for one assertion. A wrong PIN is thrown as its status, and has cost a try.
 *
 * A key with the option gets asked for a token that serves this relying party only; a key that then does not know the
 * subcommand has not looked at the PIN, so it is asked again in the manner of CTAP 2.0.
 */
export async function requestPinToken(key: FoundKey, options: PinTokenOptions): Promise<Buffer> {
  if (key.info.options.get("pinUvAuthToken") === true) {
    try {
      return await tokenFor(key, options, options.rpId);
    } catch (error) {
      if (!(error instanceof CtapStatusError) || error.status !== CTAP_STATUS.invalidSubcommand) {
        throw error;
      }
    }
  }
  return tokenFor(key, options, undefined);
}

/** The key agreement is repeated for each try: after a wrong PIN the key has a new one. */
async function tokenFor(key: FoundKey, options: PinTokenOptions, rpId: string | undefined): Promise<Buffer> {
  const { protocol, pinHash } = options;
  const theirs = await key.ctap.getKeyAgreement(protocol.version);
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const point = sharedPoint(theirs, privateKey);
  const encryptionKey = protocol.encryptionKey(point);
  try {
    const sealed = await key.ctap.getPinToken({
      protocol: protocol.version,
      keyAgreement: keyAgreementKey(publicKey),
      pinHashEnc: protocol.encrypt(encryptionKey, pinHash, randomBytes(16)),
      rpId,
    });
    const token = protocol.decrypt(encryptionKey, sealed);
    if (token === undefined) {
      throw malformedAnswer();
    }
    return token;
  } finally {
    point.fill(0);
    encryptionKey.fill(0);
  }
}
