import { debug } from "../debug.ts";
import type { AssertionPrompts } from "./assertion-prompts.ts";
import type { CborMap } from "./ctap-cbor.ts";
import { CTAP_STATUS, CtapStatusError } from "./ctap-status.ts";
import { KEEPALIVE_UP_NEEDED } from "./hid-exchange.ts";
import type { UnlockedKey } from "./unlock.ts";

/** What a command that waits for a touch is sent with. */
export interface TouchProof {
  readonly pinUvAuthParam: Uint8Array;
  readonly protocol: number;
}

export interface TouchOrder {
  readonly clientDataHash: Uint8Array;
  readonly prompts: Pick<AssertionPrompts, "touch">;
}

/**
 * Sends a command that a person must touch the key for, and says so once. A token goes stale when another program
 * unlocks the key after us; then one more is asked for.
 */
export async function sendForTouch(
  unlocked: UnlockedKey,
  { clientDataHash, prompts }: TouchOrder,
  send: (proof: TouchProof, onKeepalive: (status: number) => void) => Promise<CborMap>,
): Promise<CborMap> {
  let told = false;
  const onKeepalive = (status: number) => {
    if (status === KEEPALIVE_UP_NEEDED && !told) {
      told = true;
      debug("security key: waiting for a touch");
      prompts.touch();
    }
  };
  const { protocol } = unlocked;
  const ask = () => {
    const pinUvAuthParam = protocol.authenticate(unlocked.token(), clientDataHash);
    return send({ pinUvAuthParam, protocol: protocol.version }, onKeepalive);
  };

  try {
    return await ask();
  } catch (error) {
    if (!isStale(error)) {
      throw error;
    }
    await unlocked.renew();
    return await ask();
  }
}

function isStale(error: unknown): boolean {
  return (
    error instanceof CtapStatusError &&
    (error.status === CTAP_STATUS.pinAuthInvalid || error.status === CTAP_STATUS.pinTokenExpired)
  );
}
