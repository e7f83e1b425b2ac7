import { debug } from "../debug.ts";
import type { AssertionPrompts, PinAsk } from "./assertion-prompts.ts";
import type { TokenScope } from "./client-pin.ts";
import { CTAP_STATUS, CtapStatusError } from "./ctap-status.ts";
import type { FoundKey } from "./open-key.ts";
import { requestFingerprintToken } from "./pin-token.ts";
import type { PinUvProtocol } from "./pin-uv.ts";
import { touchWait } from "./touch-wait.ts";
import { tokenUnlocked, type UnlockedKey } from "./unlocked-key.ts";

export interface FingerprintOptions {
  readonly protocol: PinUvProtocol;
  readonly scope: TokenScope;
  readonly prompts: AssertionPrompts;
}

/** Why a finger did not work, so that the PIN is asked for. */
export type FingerprintProblem = Extract<PinAsk["problem"], "finger-refused" | "finger-blocked">;

/** Lets a user try fingers as often as the key suggests and allows. Source: CTAP.md, "Fingers". */
export async function unlockWithFingerprint(
  key: FoundKey,
  { protocol, scope, prompts }: FingerprintOptions,
): Promise<UnlockedKey | FingerprintProblem> {
  let attemptsLeft: number | undefined;
  const ask = async () => {
    const wait = touchWait(prompts, { keyName: key.name, action: "finger", attemptsLeft });
    return requestFingerprintToken(key, { protocol, scope }, wait).finally(wait.end);
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return tokenUnlocked({ protocol, token: await ask(), ask, forget: () => undefined });
    } catch (error) {
      const problem = fingerprintProblem(error);
      if (problem === undefined) throw error;
      attemptsLeft = await fingersLeft(key, protocol);
      debug(`security key: ${problem}, ${attemptsLeft ?? "unknown"} fingerprint attempts left`);
      if (problem === "finger-blocked" || attempt >= key.info.fingerAttempts) return problem;
    }
  }
}

/** Undefined for any other refusal; a missing token also leads to the PIN. Source: CTAP.md, "Fingers". */
export function fingerprintProblem(error: unknown): FingerprintProblem | undefined {
  if (!(error instanceof CtapStatusError)) return undefined;
  if (error.status === CTAP_STATUS.uvBlocked) return "finger-blocked";
  const refused: readonly number[] = [CTAP_STATUS.uvInvalid, CTAP_STATUS.pinUvAuthTokenRequired];
  return refused.includes(error.status) ? "finger-refused" : undefined;
}

/** Undefined if the key does not tell. */
async function fingersLeft(key: FoundKey, { version }: PinUvProtocol): Promise<number | undefined> {
  try {
    return await key.ctap.clientPin.getFingerprintRetries(version);
  } catch (error) {
    if (error instanceof CtapStatusError) return undefined;
    throw error;
  }
}
