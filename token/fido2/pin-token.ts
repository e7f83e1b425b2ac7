import { randomBytes } from "node:crypto";
import type { TokenScope } from "./client-pin.ts";
import { malformedAnswer } from "./ctap-cbor.ts";
import { CTAP_STATUS, CtapStatusError } from "./ctap-status.ts";
import type { Wait } from "./ctap2.ts";
import { type SharedSecret, withSharedSecret } from "./key-agreement.ts";
import type { FoundKey } from "./open-key.ts";
import type { PinUvProtocol } from "./pin-uv.ts";

export interface TokenOptions {
  readonly protocol: PinUvProtocol;
  readonly scope: TokenScope;
}

/**
 * A token for one request. A wrong PIN is thrown as its status, and has cost a try.
 *
 * A key that supports scopes is asked for a token with only this scope. If it then does not know the subcommand, it has not
 * looked at the PIN, so it is asked again in the way of CTAP 2.0.
 */
export async function requestPinToken(
  key: FoundKey,
  { protocol, scope: wanted }: TokenOptions,
  pinHash: Uint8Array,
): Promise<Buffer> {
  const ask = (scope: TokenScope | undefined) =>
    unsealed(key, protocol, ({ keyAgreement, encryptionKey }) =>
      key.ctap.clientPin.getPinToken({
        protocol: protocol.version,
        keyAgreement,
        pinHashEnc: protocol.encrypt(encryptionKey, pinHash, randomBytes(16)),
        scope,
      }),
    );
  if (key.info.options.get("pinUvAuthToken") === true) {
    try {
      return await ask(wanted);
    } catch (error) {
      if (!(error instanceof CtapStatusError) || error.status !== CTAP_STATUS.invalidSubcommand) {
        throw error;
      }
    }
  }
  return ask(undefined);
}

/** A token for a finger; an unrecognized one is thrown as its status. */
export function requestFingerprintToken(
  key: FoundKey,
  { protocol, scope }: TokenOptions,
  wait: Wait,
): Promise<Buffer> {
  return unsealed(key, protocol, ({ keyAgreement }) =>
    key.ctap.clientPin.getFingerprintToken({ protocol: protocol.version, keyAgreement, scope }, wait),
  );
}

function unsealed(
  key: FoundKey,
  protocol: PinUvProtocol,
  ask: (secret: SharedSecret) => Promise<Uint8Array>,
): Promise<Buffer> {
  return withSharedSecret(key, protocol, async (secret) => {
    const token = protocol.decrypt(secret.encryptionKey, await ask(secret));
    if (token === undefined) throw malformedAnswer();
    return token;
  });
}
