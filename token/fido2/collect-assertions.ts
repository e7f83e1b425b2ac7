import { debug } from "../debug.ts";
import type { AssertionPrompts } from "./assertion-prompts.ts";
import { type CborMap, malformedAnswer } from "./ctap-cbor.ts";
import { assertionCount, type KeyAssertion, readAssertion } from "./key-assertion.ts";
import type { FoundKey } from "./open-key.ts";
import { touchWait } from "./touch-wait.ts";
import type { UnlockedKey } from "./unlocked-key.ts";

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

/** The key may want its user verified once more: a token goes stale when another program unlocks the key after us. */
async function firstAnswer(key: FoundKey, unlocked: UnlockedKey, order: AssertionOrder): Promise<CborMap> {
  const { rpId, clientDataHash, prompts } = order;
  const ask = () => {
    const verification = unlocked.verification(clientDataHash);
    const action = verification === "built-in" ? "finger" : "touch";
    const wait = touchWait(prompts, { keyName: key.name, action });
    return key.ctap.getAssertion({ rpId, clientDataHash, verification, touch: true }, wait).finally(wait.end);
  };

  try {
    return await ask();
  } catch (error) {
    await unlocked.renew(error);
    return await ask();
  }
}
