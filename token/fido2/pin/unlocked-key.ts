import { randomBytes } from "node:crypto";
import { type CborMap, malformedAnswer } from "../ctap/cbor.ts";
import type { TokenScope } from "../ctap/client-pin.ts";
import type { UserVerification, Wait } from "../ctap/ctap2.ts";
import { type FoundKey, touchWait } from "../ctap/open-key.ts";
import { CTAP_STATUS, CtapStatusError } from "../ctap/status.ts";
import type { AssertionPrompts } from "../prompts.ts";
import { type PinUvProtocol, type SharedSecret, withSharedSecret } from "./pin-protocol.ts";

/** A key that has verified its user, or will within the next request. Call `wipe` when done with it. */
export interface UnlockedKey {
  /** The proof for a request with this hash. */
  readonly verification: (clientDataHash: Uint8Array) => UserVerification;
  /** Verifies the user once more after a refusal that this may resolve; rethrows any other error. */
  readonly renew: (refusal: unknown) => Promise<void>;
  readonly wipe: () => void;
}

interface TokenSource {
  readonly protocol: PinUvProtocol;
  readonly token: Buffer;
  /** Gets another token with the same PIN or finger, if another program's request made ours stale. */
  readonly ask: () => Promise<Buffer>;
  /** Wipes what `ask` needs. */
  readonly forget: () => void;
}

/** A key unlocked by a token, which is valid for one request. */
export function tokenUnlocked({ protocol, token: first, ask, forget }: TokenSource): UnlockedKey {
  let token = first;
  return {
    verification: (clientDataHash) => ({
      protocol: protocol.version,
      pinUvAuthParam: protocol.authenticate(token, clientDataHash),
    }),
    async renew(refusal) {
      if (!isStale(refusal)) throw refusal;
      token.fill(0);
      token = await ask();
    },
    wipe() {
      token.fill(0);
      forget();
    },
  };
}

function isStale(error: unknown): boolean {
  return (
    error instanceof CtapStatusError &&
    (error.status === CTAP_STATUS.pinAuthInvalid || error.status === CTAP_STATUS.pinTokenExpired)
  );
}

/**
 * Sends a command for which a user must touch the key. The key may require its user to be verified once more: a token becomes
 * stale when another program unlocks the key after us.
 */
export async function sendForTouch(
  key: FoundKey,
  unlocked: UnlockedKey,
  order: { readonly clientDataHash: Uint8Array; readonly prompts: Pick<AssertionPrompts, "touch"> },
  send: (verification: UserVerification, wait: Wait) => Promise<CborMap>,
): Promise<CborMap> {
  const ask = () => {
    const verification = unlocked.verification(order.clientDataHash);
    const action = verification === "built-in" ? "finger" : "touch";
    const wait = touchWait(order.prompts, { keyName: key.name, action });
    return send(verification, wait).finally(wait.end);
  };
  try {
    return await ask();
  } catch (error) {
    await unlocked.renew(error);
    return await ask();
  }
}

interface TokenOptions {
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
