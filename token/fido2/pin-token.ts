import { randomBytes } from "node:crypto";
import { malformedAnswer } from "./ctap-cbor.ts";
import { CTAP_STATUS, CtapStatusError } from "./ctap-status.ts";
import type { Permission, PinTokenScope } from "./ctap2.ts";
import type { FoundKey } from "./find-key.ts";
import { withSharedSecret } from "./key-agreement.ts";
import type { PinUvProtocol } from "./pin-uv.ts";

export interface PinTokenOptions {
  readonly protocol: PinUvProtocol;
  readonly rpId: string;
  /** What the token is to allow. */
  readonly permission: Permission;
  readonly pinHash: Uint8Array;
}

/**
 * A token for one touch. A wrong PIN is thrown as its status, and has cost a try.
 *
 * A key with the option gets asked for a token that serves this relying party only; a key that then does not know the
 * subcommand has not looked at the PIN, so it is asked again in the manner of CTAP 2.0.
 */
export async function requestPinToken(key: FoundKey, options: PinTokenOptions): Promise<Buffer> {
  if (key.info.options.get("pinUvAuthToken") === true) {
    try {
      return await tokenFor(key, options, options);
    } catch (error) {
      if (!(error instanceof CtapStatusError) || error.status !== CTAP_STATUS.invalidSubcommand) {
        throw error;
      }
    }
  }
  return tokenFor(key, options, undefined);
}

/** The key agreement is repeated for each try: after a wrong PIN the key has a new one. */
function tokenFor(
  key: FoundKey,
  { protocol, pinHash }: PinTokenOptions,
  scope: PinTokenScope | undefined,
): Promise<Buffer> {
  return withSharedSecret(key, protocol, async ({ keyAgreement, encryptionKey }) => {
    const sealed = await key.ctap.getPinToken({
      protocol: protocol.version,
      keyAgreement,
      pinHashEnc: protocol.encrypt(encryptionKey, pinHash, randomBytes(16)),
      scope,
    });
    const token = protocol.decrypt(encryptionKey, sealed);
    if (token === undefined) {
      throw malformedAnswer();
    }
    return token;
  });
}
