import { type AssertionOptions, assertWithSecurityKey } from "../../../token/fido2/ceremony/assertion.ts";
import type { AssertionPrompts, PinAsk } from "../../../token/fido2/prompts.ts";
import type { Timers } from "../../../token/timers.ts";
import type { TouchOutcome } from "../../lab/key/soft-consent.ts";
import { type FingerOutcome, readsFingers } from "../../lab/key/soft-finger.ts";
import { SoftKey } from "../../lab/key/soft-key.ts";
import { SOFT_KEY_PROFILES, type SoftKeyProfile } from "../../lab/key/soft-key-profiles.ts";
import { enrolCredential, newSoftKeyState, type SoftKeyState } from "../../lab/key/soft-key-state.ts";
import { softSecurityKeys } from "../../lab/key/soft-security-keys.ts";
import { virtualTimers } from "../../lab/key/virtual-timers.ts";

export const RP_ID = "vouch.example.test";
export const PIN = "canary-pin-7391";
export const USER_HANDLE = Buffer.from("0190a1b2c3d47e5f8a9b0c1d2e3f4051", "hex");
export const REQUEST = {
  rpId: RP_ID,
  host: "login.vouch.example.test",
  challenge: Buffer.alloc(32, 0x07).toString("base64url"),
};

/** Keys that want a PIN and nothing else. */
export const PIN_KEYS = SOFT_KEY_PROFILES.filter((profile) => !readsFingers(profile));

export interface KeyBenchOptions {
  readonly profile: SoftKeyProfile;
  /** null for a key without a PIN. */
  readonly pin?: string | null;
  /** What the person types, in order; undefined when there is no terminal. */
  readonly pins?: readonly (string | undefined)[];
  readonly touch?: () => Promise<TouchOutcome>;
  readonly finger?: () => Promise<FingerOutcome>;
  /** Shared by keys that are plugged in at once. */
  readonly timers?: Timers;
  readonly change?: (state: SoftKeyState) => void;
}

/** A software key with one enrolled credential, a person with a list of PINs, and time that costs nothing. */
export function keyBench(bench: KeyBenchOptions) {
  const { profile, pin = PIN, pins = [pin ?? undefined], touch, finger, change } = bench;
  const { timers = virtualTimers() } = bench;
  const state = { current: newSoftKeyState({ pin: pin ?? undefined }) };
  const enrolled = enrolCredential(state.current, { rpId: RP_ID, userHandle: USER_HANDLE, userName: "ada" });
  change?.(state.current);
  const key = new SoftKey({
    profile,
    timers,
    loadState: () => structuredClone(state.current),
    saveState: (next) => {
      state.current = structuredClone(next);
    },
    touch: touch ?? (async () => "touched"),
    ...(finger && { finger }),
  });
  const abort = new AbortController();
  const said: string[] = [];
  const ended: string[] = [];
  const asks: Omit<PinAsk, "keyName" | "minLength">[] = [];
  const typed = [...pins];
  const prompts: AssertionPrompts = {
    pin: async ({ keyName: _, minLength: __, ...ask }) => {
      asks.push(ask);
      if (typed.length === 0) throw new Error("asked for a PIN once too often");
      return typed.shift();
    },
    insertKey: () => said.push("insert"),
    unplugged: () => said.push("unplugged"),
    touch: ({ action }) => {
      said.push(action);
      return () => ended.push(action);
    },
    busy: () => said.push("busy"),
  };
  const options: AssertionOptions = {
    keys: softSecurityKeys({ keys: [key] }),
    prompts,
    signal: abort.signal,
    timeoutMs: 60_000,
    timers,
  };
  return {
    timers,
    state,
    enrolled,
    key,
    abort,
    said,
    ended,
    asks,
    options,
    login: (more: Partial<AssertionOptions> = {}) => assertWithSecurityKey(REQUEST, { ...options, ...more }),
  };
}
