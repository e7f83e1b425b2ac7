import type { AssertionPrompts } from "./assertion-prompts.ts";
import type { CborMap } from "./ctap-cbor.ts";
import type { Wait } from "./ctap2.ts";
import type { UserVerification } from "./ctap2-parameters.ts";
import type { FoundKey } from "./open-key.ts";
import { touchWait } from "./touch-wait.ts";
import type { UnlockedKey } from "./unlocked-key.ts";

export interface TouchOrder {
  readonly clientDataHash: Uint8Array;
  readonly prompts: Pick<AssertionPrompts, "touch">;
}

/**
 * Sends a command for which a user must touch the key. The key may require its user to be verified once more: a token becomes
 * stale when another program unlocks the key after us.
 */
export async function sendForTouch(
  key: FoundKey,
  unlocked: UnlockedKey,
  { clientDataHash, prompts }: TouchOrder,
  send: (verification: UserVerification, wait: Wait) => Promise<CborMap>,
): Promise<CborMap> {
  const ask = () => {
    const verification = unlocked.verification(clientDataHash);
    const action = verification === "built-in" ? "finger" : "touch";
    const wait = touchWait(prompts, { keyName: key.name, action });
    return send(verification, wait).finally(wait.end);
  };
  try {
    return await ask();
  } catch (error) {
    await unlocked.renew(error);
    return await ask();
  }
}
