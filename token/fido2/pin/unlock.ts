import { debug } from "../../debug.ts";
import { VouchError } from "../../errors/errors.ts";
import { unlessInterrupted } from "../../timers.ts";
import type { PinRetries, TokenScope } from "../ctap/client-pin.ts";
import { type FoundKey, touchWait } from "../ctap/open-key.ts";
import { CTAP_STATUS, CtapStatusError, unlessStatus } from "../ctap/status.ts";
import type { AssertionPrompts, PinAsk } from "../prompts.ts";
import { choosePinUvProtocol, type PinUvProtocol, pinHash, pinLengthProblem } from "./pin-protocol.ts";
import { requestFingerprintToken, requestPinToken, tokenUnlocked, type UnlockedKey } from "./unlocked-key.ts";

interface UnlockOptions {
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
    throw new VouchError("pin-change-required", `${key.name} requires you to change its PIN first.`);
  }
  if (options.get("clientPin") === false) throw new CtapStatusError(CTAP_STATUS.pinNotSet);
  const usable = options.get("clientPin") === true && options.get("noMcGaPermissionsWithClientPin") !== true;
  if (!usable || protocol === undefined) {
    throw new VouchError("security-key-unsupported", `${key.name} cannot be unlocked with a PIN.`);
  }
  return protocol;
}

/** Why a finger did not work, so that the PIN is asked for. */
type FingerprintProblem = Extract<PinAsk["problem"], "finger-refused" | "finger-blocked">;

/** Allows as many fingerprint attempts as the key suggests and accepts. Source: CTAP.md, "Fingers". */
async function unlockWithFingerprint(
  key: FoundKey,
  { protocol, scope, prompts }: UnlockOptions & { readonly protocol: PinUvProtocol },
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
      attemptsLeft = await key.ctap.clientPin.getFingerprintRetries(protocol.version).catch(unlessStatus);
      debug(`security key: ${problem}, ${attemptsLeft ?? "unknown"} fingerprint attempts left`);
      if (problem === "finger-blocked" || attempt >= key.info.fingerAttempts) return problem;
    }
  }
}

/** Undefined for any other refusal; a missing token also leads to the PIN. Source: CTAP.md, "Fingers". */
function fingerprintProblem(error: unknown): FingerprintProblem | undefined {
  if (!(error instanceof CtapStatusError)) return undefined;
  if (error.status === CTAP_STATUS.uvBlocked) return "finger-blocked";
  const refused: readonly number[] = [CTAP_STATUS.uvInvalid, CTAP_STATUS.pinUvAuthTokenRequired];
  return refused.includes(error.status) ? "finger-refused" : undefined;
}

/**
 * The tries that a key grants for a PIN in all, and in a row until it must be unplugged.
 * Source: CTAP.md, "PIN retries".
 */
const ALL_TRIES = 8;
const TRIES_IN_A_ROW = 3;

interface PinUnlockOptions extends UnlockOptions {
  readonly protocol: PinUvProtocol;
  /** What happened before the first question: why the finger was not enough. */
  readonly problem: PinAsk["problem"];
}

/** Asks for the PIN until it is right, and never uses the key's last try without a user knowing. */
async function unlockWithPin(key: FoundKey, options: PinUnlockOptions): Promise<UnlockedKey> {
  let retries = await pinRetries(key, options.protocol);
  refuseIfHopeless(key, retries, options.pinAttempts);
  debug(
    `security key: PIN protocol ${options.protocol.version}, ${retries?.left ?? "unknown"} PIN attempts left`,
  );

  let { problem } = options;
  let wrong = 0;
  for (let attempt = 1; ; attempt += 1) {
    const pin = await askPin(key, { ...options, retries, problem, retry: attempt > 1 });
    problem = pinLengthProblem(pin, key.info.minPinLength);
    if (problem === undefined) {
      const unlocked = await tryPin(key, pinHash(pin), options);
      if (unlocked !== undefined) {
        return unlocked;
      }
      debug("security key: the PIN was wrong");
      problem = "wrong";
      wrong += 1;
      retries = await pinRetries(key, options.protocol);
      stopIfLocked(key, retries, wrong);
    }
    if (attempt >= options.pinAttempts) {
      throw pinRefused(key, problem, retries);
    }
  }
}

/** Undefined if the key does not tell. */
function pinRetries(key: FoundKey, { version }: PinUvProtocol): Promise<PinRetries | undefined> {
  return key.ctap.clientPin.getPinRetries(version).catch(unlessStatus);
}

function refuseIfHopeless(key: FoundKey, retries: PinRetries | undefined, pinAttempts: number): void {
  stopIfBlocked(retries);
  if (pinAttempts > 1 || (retries !== undefined && retries.left > 1)) return;
  const why =
    retries === undefined
      ? `${key.name} does not report how many PIN attempts are left, and the last one blocks it permanently`
      : `One PIN attempt is left before ${key.name} is permanently blocked`;
  throw new VouchError(
    "pin-unavailable",
    `${why}; kubectl-vouch does not use an attempt without prompting you.`,
    {
      hint: "Run `kubectl vouch login` in a terminal and type the PIN there.",
    },
  );
}

function stopIfBlocked(retries: PinRetries | undefined): void {
  if (retries?.left === 0) throw new CtapStatusError(CTAP_STATUS.pinBlocked);
  if (retries?.powerCycleNeeded) throw new CtapStatusError(CTAP_STATUS.pinAuthBlocked);
}

/** After a wrong PIN: stops if the key would not accept another, or we would risk its last try. */
function stopIfLocked(key: FoundKey, retries: PinRetries | undefined, wrong: number): void {
  stopIfBlocked(retries);
  if (retries?.left === 1) {
    throw new VouchError(
      "pin-wrong",
      `The PIN is wrong. One attempt is left before ${key.name} is permanently blocked, so kubectl-vouch does not prompt again.`,
      {
        hint: "Make sure that you know the PIN. Then unplug the key, plug it in again, and run `kubectl vouch login`.",
      },
    );
  }
  if (wrong >= TRIES_IN_A_ROW) throw new CtapStatusError(CTAP_STATUS.pinAuthBlocked);
}

interface Ask extends PinUnlockOptions {
  readonly retries: PinRetries | undefined;
  readonly retry: boolean;
}

async function askPin(key: FoundKey, { prompts, signal, retries, problem, retry }: Ask): Promise<string> {
  const attemptsLeft = retries === undefined || retries.left >= ALL_TRIES ? undefined : retries.left;
  const { name: keyName, info } = key;
  const ask = { keyName, attemptsLeft, minLength: info.minPinLength, retry, problem };
  const pin = await unlessInterrupted(prompts.pin(ask), signal);
  if (pin === undefined) {
    throw new VouchError("pin-unavailable", `Cannot prompt for the PIN of ${key.name}: no terminal.`);
  }
  return pin;
}

/** Undefined if the PIN is wrong. */
async function tryPin(
  key: FoundKey,
  hash: Buffer,
  { protocol, scope }: PinUnlockOptions,
): Promise<UnlockedKey | undefined> {
  const ask = () => requestPinToken(key, { protocol, scope }, hash);
  try {
    return tokenUnlocked({ protocol, token: await ask(), ask, forget: () => hash.fill(0) });
  } catch (error) {
    hash.fill(0);
    if (error instanceof CtapStatusError && error.status === CTAP_STATUS.pinInvalid) {
      return undefined;
    }
    throw error;
  }
}

function pinRefused(key: FoundKey, problem: PinAsk["problem"], retries: PinRetries | undefined): VouchError {
  if (problem === "too-short") {
    return new VouchError(
      "pin-wrong",
      `The PIN of ${key.name} must be at least ${key.info.minPinLength} characters long.`,
    );
  }
  if (problem === "too-long") {
    return new VouchError("pin-wrong", `The PIN of ${key.name} must be at most 63 bytes long.`);
  }
  const left = retries === undefined ? "" : ` Attempts left: ${retries.left}.`;
  return new VouchError("pin-wrong", `The PIN is wrong.${left}`);
}
