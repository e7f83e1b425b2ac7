import { debug } from "../debug.ts";
import { VouchError } from "../errors/errors.ts";
import { unlessInterrupted } from "../interruption.ts";
import type { AssertionPrompts, PinAsk } from "./assertion-prompts.ts";
import type { PinRetries, TokenScope } from "./client-pin.ts";
import { CTAP_STATUS, CtapStatusError } from "./ctap-status.ts";
import type { FoundKey } from "./open-key.ts";
import { pinHash, pinLengthProblem } from "./pin.ts";
import { requestPinToken } from "./pin-token.ts";
import type { PinUvProtocol } from "./pin-uv.ts";
import { tokenUnlocked, type UnlockedKey } from "./unlocked-key.ts";

/**
 * The tries that a key grants for a PIN in all, and in a row until it must be unplugged.
 * Source: CTAP.md, "PIN retries".
 */
const ALL_TRIES = 8;
const TRIES_IN_A_ROW = 3;

export interface PinUnlockOptions {
  readonly protocol: PinUvProtocol;
  readonly scope: TokenScope;
  readonly prompts: AssertionPrompts;
  readonly signal: AbortSignal;
  /** How often to ask. 1 if there is no one to ask again. */
  readonly pinAttempts: number;
  /** What happened before the first question: why the finger was not enough. */
  readonly problem: PinAsk["problem"];
}

/** Asks for the PIN until it is right, and never uses the key's last try without a user knowing. */
export async function unlockWithPin(key: FoundKey, options: PinUnlockOptions): Promise<UnlockedKey> {
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
async function pinRetries(key: FoundKey, { version }: PinUvProtocol): Promise<PinRetries | undefined> {
  try {
    return await key.ctap.clientPin.getPinRetries(version);
  } catch (error) {
    if (error instanceof CtapStatusError) {
      return undefined;
    }
    throw error;
  }
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
