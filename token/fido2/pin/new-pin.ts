import { randomBytes } from "node:crypto";
import { debug } from "../../debug.ts";
import { VouchError } from "../../errors/errors.ts";
import { unlessInterrupted } from "../../timers.ts";
import type { FoundKey } from "../ctap/open-key.ts";
import { CTAP_STATUS, CtapStatusError } from "../ctap/status.ts";
import type { NewPinAsk, RegistrationPrompts } from "../prompts.ts";
import {
  choosePinUvProtocol,
  type PinUvProtocol,
  paddedPin,
  pinHash,
  pinLengthProblem,
  type SharedSecret,
  withSharedSecret,
} from "./pin-protocol.ts";

/**
 * The shortest PIN that we set, in code points; keys would accept 4.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Key registration".
 */
const MIN_NEW_PIN = 8;

/** How often a user may type an unsuitable PIN. */
const ATTEMPTS = 3;

interface NewPinOptions {
  readonly prompts: RegistrationPrompts;
  readonly signal: AbortSignal;
}

/** A key that has a PIN; `pin` is the one that was set just now, which need not be asked for again. */
export interface KeyWithPin {
  readonly key: FoundKey;
  readonly pin: string | undefined;
}

/** Has a user set a PIN on a key without one, or change one that the key no longer accepts. */
export async function ensurePin(key: FoundKey, options: NewPinOptions): Promise<KeyWithPin> {
  const isChange = key.info.forcePinChange;
  const protocol = choosePinUvProtocol(key.info.pinUvAuthProtocols);
  if (protocol === undefined || !(isChange || key.info.options.get("clientPin") === false)) {
    return { key, pin: undefined };
  }
  const oldHash = isChange ? pinHash(await askOldPin(key, protocol, options)) : undefined;
  try {
    const pin = await typeUntilTaken(key, options, (newPin) => setPin(key, protocol, { newPin, oldHash }));
    debug(`security key: its PIN was ${isChange ? "changed" : "set"}`);
    return { key: { ...key, info: await key.ctap.getInfo() }, pin };
  } finally {
    oldHash?.fill(0);
  }
}

/** It is asked for only once, because a wrong one costs a try. */
async function askOldPin(
  key: FoundKey,
  { version }: PinUvProtocol,
  { prompts, signal }: NewPinOptions,
): Promise<string> {
  const { left, powerCycleNeeded } = await key.ctap.clientPin.getPinRetries(version);
  if (left === 0) throw new CtapStatusError(CTAP_STATUS.pinBlocked);
  if (powerCycleNeeded) throw new CtapStatusError(CTAP_STATUS.pinAuthBlocked);
  const { name: keyName, info } = key;
  const ask = { keyName, attemptsLeft: left, minLength: info.minPinLength, retry: false, problem: undefined };
  const pin = await unlessInterrupted(prompts.pin(ask), signal);
  if (pin !== undefined) return pin;
  throw new VouchError("pin-change-required", `${key.name} requires you to change its PIN first.`);
}

async function typeUntilTaken(
  key: FoundKey,
  { prompts, signal }: NewPinOptions,
  take: (pin: string) => Promise<boolean>,
): Promise<string> {
  const minLength = Math.max(MIN_NEW_PIN, key.info.minPinLength);
  const isChange = key.info.forcePinChange;
  let problem: NewPinAsk["problem"];
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const ask = { keyName: key.name, minLength, isChange, problem };
    const typed = await unlessInterrupted(prompts.newPin(ask), signal);
    if (typed === undefined) throw noTerminal(key);
    const [pin, again] = typed;
    problem = pin === again ? pinLengthProblem(pin, minLength) : "different";
    if (problem !== undefined) continue;
    if (await take(pin)) return pin;
    problem = "refused";
  }
  throw unsuitable(key, problem, minLength);
}

/** False if the key refuses it as a PIN; `oldHash` is of the PIN to be changed. Source: CTAP.md, "PIN rules". */
async function setPin(
  key: FoundKey,
  protocol: PinUvProtocol,
  { newPin, oldHash }: { readonly newPin: string; readonly oldHash: Buffer | undefined },
): Promise<boolean> {
  const padded = paddedPin(newPin);
  const send = ({ keyAgreement, encryptionKey, macKey }: SharedSecret) => {
    const newPinEnc = protocol.encrypt(encryptionKey, padded, randomBytes(16));
    const request = { protocol: protocol.version, keyAgreement, newPinEnc };
    if (oldHash === undefined) {
      return key.ctap.clientPin.setPin({
        ...request,
        pinUvAuthParam: protocol.authenticate(macKey, newPinEnc),
      });
    }
    const pinHashEnc = protocol.encrypt(encryptionKey, oldHash, randomBytes(16));
    const pinUvAuthParam = protocol.authenticate(macKey, Buffer.concat([newPinEnc, pinHashEnc]));
    return key.ctap.clientPin.changePin({ ...request, pinHashEnc, pinUvAuthParam });
  };
  try {
    await withSharedSecret(key, protocol, send);
    return true;
  } catch (error) {
    if (error instanceof CtapStatusError && error.status === CTAP_STATUS.pinPolicyViolation) return false;
    throw error;
  } finally {
    padded.fill(0);
  }
}

function noTerminal(key: FoundKey): VouchError {
  return key.info.forcePinChange
    ? new VouchError("pin-change-required", `${key.name} requires you to change its PIN first.`)
    : new VouchError(
        "pin-missing",
        `${key.name} does not have a PIN. Cannot prompt for a new one: no terminal.`,
      );
}

function unsuitable(key: FoundKey, problem: NewPinAsk["problem"], minLength: number): VouchError {
  switch (problem) {
    case "different":
      return new VouchError("pin-unsuitable", "The two PINs do not match.", {
        hint: "Try again and type the same PIN twice.",
      });
    case "too-short":
      return new VouchError("pin-unsuitable", `A new PIN must be at least ${minLength} characters long.`);
    case "too-long":
      return new VouchError("pin-unsuitable", "A PIN must be at most 63 bytes long.", {
        hint: "Choose a shorter PIN.",
      });
    default:
      return new VouchError("pin-unsuitable", `${key.name} does not accept this PIN.`);
  }
}
