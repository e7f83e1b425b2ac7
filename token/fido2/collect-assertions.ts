import { debug } from "../debug.ts";
import { malformedAnswer } from "./ctap-cbor.ts";
import { assertionCount, type KeyAssertion, readAssertion } from "./key-assertion.ts";
import type { FoundKey } from "./open-key.ts";
import { sendForTouch, type TouchOrder } from "./touch-command.ts";
import type { UnlockedKey } from "./unlocked-key.ts";

/**
 * More credentials of one relying party than any key holds. Source: CTAP.md, "Yubico's keys" (100 in all on firmware 5.7).
 */
const MAX_CREDENTIALS = 256;

export interface AssertionOrder extends TouchOrder {
  readonly rpId: string;
}

/** All assertions that the key has for this relying party, newest first, with one touch. */
export async function collectAssertions(
  key: FoundKey,
  unlocked: UnlockedKey,
  order: AssertionOrder,
): Promise<KeyAssertion[]> {
  const { rpId, clientDataHash } = order;
  const first = await sendForTouch(key, unlocked, order, (verification, wait) =>
    key.ctap.getAssertion({ rpId, clientDataHash, verification, touch: true }, wait),
  );
  const count = assertionCount(first);
  if (count > MAX_CREDENTIALS) {
    throw malformedAnswer();
  }
  debug(`security key: credentials for ${rpId}: ${count}`);
  const assertions = [readAssertion(first, rpId)];
  while (assertions.length < count) {
    assertions.push(readAssertion(await key.ctap.getNextAssertion(), rpId));
  }
  return assertions;
}
