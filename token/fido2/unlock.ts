import { debug } from "../debug.ts";
import { VouchError } from "../errors/errors.ts";
import type { AssertionPrompts } from "./assertion-prompts.ts";
import type { TokenScope } from "./client-pin.ts";
import { CTAP_STATUS, CtapStatusError } from "./ctap-status.ts";
import { type FingerprintProblem, fingerprintProblem, unlockWithFingerprint } from "./fingerprint-unlock.ts";
import type { FoundKey } from "./open-key.ts";
import { unlockWithPin } from "./pin-unlock.ts";
import { choosePinUvProtocol, type PinUvProtocol } from "./pin-uv.ts";
import type { UnlockedKey } from "./unlocked-key.ts";

export interface UnlockOptions {
  readonly scope: TokenScope;
  readonly prompts: AssertionPrompts;
  readonly signal: AbortSignal;
  /** How often to ask for the PIN. 1 if there is no one to ask again: then the PIN is used, not a finger. */
  readonly pinAttempts: number;
}

/**
 * Has the key verify its user: by a finger if it can, otherwise (or when fingers are refused) by its PIN.
 *
 * Throws if neither is set up, or the PIN must be changed first.
 */
export async function unlock(key: FoundKey, options: UnlockOptions): Promise<UnlockedKey> {
  const { options: has, pinUvAuthProtocols } = key.info;
  const protocol = choosePinUvProtocol(pinUvAuthProtocols);
  const hasFinger = has.get("uv") === true && options.pinAttempts > 1;
  if (!hasFinger) return withPin(key, protocol, options, undefined);
  if (has.get("pinUvAuthToken") !== true || protocol === undefined)
    return builtIn((problem) => withPin(key, protocol, options, problem));

  const unlocked = await unlockWithFingerprint(key, { ...options, protocol });
  return typeof unlocked === "string" ? withPin(key, protocol, options, unlocked) : unlocked;
}

/** A key that reads the finger within the request; if it refuses the finger, the PIN is used. */
function builtIn(withPinAfter: (problem: FingerprintProblem) => Promise<UnlockedKey>): UnlockedKey {
  let byPin: UnlockedKey | undefined;
  return {
    verification: (clientDataHash) => byPin?.verification(clientDataHash) ?? "built-in",
    async renew(refusal) {
      if (byPin !== undefined) return byPin.renew(refusal);
      const problem = fingerprintProblem(refusal);
      if (problem === undefined) throw refusal;
      debug(`security key: ${problem}`);
      byPin = await withPinAfter(problem);
    },
    wipe: () => byPin?.wipe(),
  };
}

async function withPin(
  key: FoundKey,
  protocol: PinUvProtocol | undefined,
  options: UnlockOptions,
  problem: FingerprintProblem | undefined,
): Promise<UnlockedKey> {
  if (problem !== undefined && key.info.options.get("clientPin") !== true) throw refused(problem);
  return unlockWithPin(key, { ...options, protocol: usableWithPin(key, protocol), problem });
}

/** The error for a refused finger, if the key has no PIN to use instead. */
function refused(problem: FingerprintProblem): CtapStatusError {
  return new CtapStatusError(problem === "finger-blocked" ? CTAP_STATUS.uvBlocked : CTAP_STATUS.uvInvalid);
}

/** Throws if the PIN of this key cannot be used. */
function usableWithPin(key: FoundKey, protocol: PinUvProtocol | undefined): PinUvProtocol {
  const { options, forcePinChange } = key.info;
  if (forcePinChange) {
    throw new VouchError("pin-change-required", `${key.name} demands that its PIN be changed first.`);
  }
  if (options.get("clientPin") === false) throw new CtapStatusError(CTAP_STATUS.pinNotSet);
  const usable = options.get("clientPin") === true && options.get("noMcGaPermissionsWithClientPin") !== true;
  if (!usable || protocol === undefined) {
    throw new VouchError("security-key-unsupported", `${key.name} cannot be unlocked with a PIN.`);
  }
  return protocol;
}
