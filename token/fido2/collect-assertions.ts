import { debug } from "../debug.ts";
import type { AssertionPrompts } from "./assertion-prompts.ts";
import { type CborMap, malformedAnswer } from "./ctap-cbor.ts";
import { CTAP_STATUS, CtapStatusError } from "./ctap-status.ts";
import type { FoundKey } from "./find-key.ts";
import { KEEPALIVE_UP_NEEDED } from "./hid-exchange.ts";
import { assertionCount, type KeyAssertion, readAssertion } from "./key-assertion.ts";
import type { UnlockedKey } from "./unlock.ts";

/**
 * More credentials of one relying party than any key holds. Source: CTAP.md, "Yubico's keys" (100 in all on firmware
 * 5.7).
 */
const MAX_CREDENTIALS = 256;

export interface AssertionOrder {
  readonly rpId: string;
  readonly clientDataHash: Uint8Array;
  readonly prompts: AssertionPrompts;
}

/** Every assertion the key has for this relying party, newest first, for one touch. */
export async function collectAssertions(
  key: FoundKey,
  unlocked: UnlockedKey,
  order: AssertionOrder,
): Promise<KeyAssertion[]> {
  const first = await firstAnswer(key, unlocked, order);
  const count = assertionCount(first);
  if (count > MAX_CREDENTIALS) {
    throw malformedAnswer();
  }
  debug(`security key: credentials for ${order.rpId}: ${count}`);
  const assertions = [readAssertion(first, order.rpId)];
  while (assertions.length < count) {
    assertions.push(readAssertion(await key.ctap.getNextAssertion(), order.rpId));
  }
  return assertions;
}

/** A token goes stale when another program unlocks the key after us; then one more is asked for. */
async function firstAnswer(key: FoundKey, unlocked: UnlockedKey, order: AssertionOrder): Promise<CborMap> {
  const { rpId, clientDataHash, prompts } = order;
  let told = false;
  const onKeepalive = (status: number) => {
    if (status === KEEPALIVE_UP_NEEDED && !told) {
      told = true;
      debug("security key: waiting for a touch");
      prompts.touch();
    }
  };
  const ask = () => {
    const pinUvAuthParam = unlocked.protocol.authenticate(unlocked.token(), clientDataHash);
    const request = { rpId, clientDataHash, pinUvAuthParam, protocol: unlocked.protocol.version };
    return key.ctap.getAssertion(request, onKeepalive);
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
