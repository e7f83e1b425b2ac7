import { VouchError } from "../../errors/errors.ts";
import { systemError } from "../../files/file-errors.ts";
import { systemTimers, type Timers, throwIfInterrupted } from "../../timers.ts";
import type { KeyInfo } from "../ctap/answers.ts";
import { Ctap2 } from "../ctap/ctap2.ts";
import { keyError, unlessStatus } from "../ctap/status.ts";
import { CtapHid } from "../hid/ctap-hid.ts";
import type { SecurityKeyInfo, SecurityKeys } from "../hid/security-keys.ts";
import { choosePinUvProtocol } from "../pin/pin-protocol.ts";

/**
 * The state of a key's PIN. `unplug`: three in a row were wrong, and it accepts none until it is plugged in again. `unusable`: it
 * has none, or none that can be used for registration and login.
 */
export const PIN_STATES = ["set", "not-set", "change-required", "unplug", "blocked", "unusable"] as const;
export type PinState = (typeof PIN_STATES)[number];

/** Whether a key has a fingerprint reader, and a finger is registered. */
export const FINGERPRINT_STATES = ["none", "not-set-up", "set-up"] as const;
type FingerprintState = (typeof FINGERPRINT_STATES)[number];

/** What a key tells about itself, without PIN and without touch. */
export interface KeyFacts {
  /** As reported by the key: `5.7.1`. */
  readonly firmware: string;
  /** Empty for a key that supports only U2F. */
  readonly versions: readonly string[];
  readonly pin: PinState;
  /** Tries until the PIN is blocked for good; undefined if no PIN is set, or the key does not say. */
  readonly pinTriesLeft: number | undefined;
  readonly fingerprint: FingerprintState;
}

/** A plugged-in key: its facts, or why it could not be asked. */
export type SurveyedKey = SecurityKeyInfo & ({ readonly facts: KeyFacts } | { readonly problem: VouchError });

interface SurveyOptions {
  readonly keys: SecurityKeys;
  readonly signal: AbortSignal;
  readonly timers?: Timers;
}

/** How long one key may take, in milliseconds; one that is silent for 5 s is already known to be dead. */
const PATIENCE_MS = 6000;

/** Asks every plugged-in key for its state. A key that cannot be asked does not stop the others. */
export async function surveyKeys(options: SurveyOptions): Promise<SurveyedKey[]> {
  const present = await options.keys.list();
  return Promise.all(present.map((key) => survey(key, options)));
}

async function survey(key: SecurityKeyInfo, options: SurveyOptions): Promise<SurveyedKey> {
  const { signal, timers = systemTimers } = options;
  const patience = new AbortController();
  const stop = timers.after(PATIENCE_MS, () => patience.abort());
  try {
    const ended = AbortSignal.any([signal, patience.signal]);
    return { ...key, facts: await factsOf(key, { ...options, timers, signal: ended }) };
  } catch (error) {
    throwIfInterrupted(signal);
    const problem = patience.signal.aborted ? busy(key) : keyError(error, { keyName: key.name, rpId: "" });
    const known = problem instanceof VouchError ? problem : systemError(problem);
    if (known === undefined) throw problem;
    return { ...key, problem: known };
  } finally {
    stop();
  }
}

function busy({ name }: SecurityKeyInfo): VouchError {
  return new VouchError("security-key-busy", `Another program is using ${name}.`, {
    hint: "Close other programs that use it (a browser, ssh, gpg), then run `kubectl vouch keys` again.",
  });
}

async function factsOf(
  key: SecurityKeyInfo,
  { keys, signal, timers }: Required<SurveyOptions>,
): Promise<KeyFacts> {
  const hid = await CtapHid.open(await keys.open(key), { timers, signal, onBusy: () => undefined });
  try {
    const ctap = new Ctap2(hid);
    const info = hid.speaksCbor ? await ctap.getInfo().catch(onlyU2f) : undefined;
    return { firmware: hid.firmware, ...(await statesOf(ctap, info)) };
  } finally {
    await hid.close();
  }
}

/** Some U2F-only keys claim to speak CTAP2, and then refuse. Source: CTAP.md, "Devices". */
function onlyU2f(error: unknown): undefined {
  if (error instanceof VouchError && error.code === "security-key-unsupported") return undefined;
  return unlessStatus(error);
}

async function statesOf(ctap: Ctap2, info: KeyInfo | undefined): Promise<Omit<KeyFacts, "firmware">> {
  const versions = info?.versions ?? [];
  if (info === undefined || !versions.some((version) => version.startsWith("FIDO_2_")))
    return { versions, pin: "unusable", pinTriesLeft: undefined, fingerprint: "none" };
  const fingerprint = { undefined: "none", false: "not-set-up", true: "set-up" } as const;
  const isSet = info.options.get("clientPin");
  const { version = 1 } = choosePinUvProtocol(info.pinUvAuthProtocols) ?? {};
  const retries =
    isSet === true ? await ctap.clientPin.getPinRetries(version).catch(unlessStatus) : undefined;
  return {
    versions,
    pin: pinState(info, retries),
    pinTriesLeft: retries?.left,
    fingerprint: fingerprint[`${info.options.get("uv")}`],
  };
}

function pinState(
  { options, forcePinChange }: KeyInfo,
  retries: { readonly left: number; readonly powerCycleNeeded: boolean } | undefined,
): PinState {
  const isSet = options.get("clientPin");
  if (isSet === undefined || options.get("noMcGaPermissionsWithClientPin") === true) return "unusable";
  if (!isSet) return "not-set";
  if (retries?.left === 0) return "blocked";
  if (retries?.powerCycleNeeded === true) return "unplug";
  return forcePinChange ? "change-required" : "set";
}
