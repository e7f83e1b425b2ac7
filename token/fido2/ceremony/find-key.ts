import { debug } from "../../debug.ts";
import { reasonOf, VouchError } from "../../errors/errors.ts";
import { pause, throwIfInterrupted } from "../../timers.ts";
import type { UserVerification, Wait } from "../ctap/ctap2.ts";
import { connect, type FoundKey, type KeySurroundings, touchWait } from "../ctap/open-key.ts";
import { CTAP_STATUS, CtapStatusError, keyError } from "../ctap/status.ts";
import type { SecurityKeyInfo } from "../hid/security-keys.ts";
import type { AssertionPrompts } from "../prompts.ts";

/** Interval between two searches for a key, in milliseconds. Source: token/vouch/VOUCH-PROTOCOL.md, "Assertion on the key". */
const LOOK_MS = 500;
/**
 * A key that was just plugged in may need a moment, especially until udev has granted access.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Assertion on the key".
 */
const SETTLE_TRIES = 10;
const SETTLE_MS = 200;

interface KeySearch extends KeySurroundings {
  readonly prompts: AssertionPrompts;
  /** How long to wait for a key to be plugged in, in milliseconds; 0 means no limit. */
  readonly timeoutMs: number;
  /** If there are several keys, one that holds no credential of this relying party is skipped. */
  readonly rpId?: string;
  /** A key was just unplugged, and may still be listed for a moment. */
  readonly isReplug?: boolean;
}

/** Waits until a key that speaks FIDO2 is plugged in, and opens it; if there are several, the one that is touched. */
export async function findKey(search: KeySearch): Promise<FoundKey> {
  const { keys, prompts, signal, timers, timeoutMs } = search;
  const start = timers.now();
  let settling = search.isReplug ? SETTLE_TRIES : 0;
  let asked = false;
  for (;;) {
    throwIfInterrupted(signal);
    const present = await keys.list();
    if (present.length > 0) {
      debug(`security keys: ${present.map(({ name, path }) => `${name} at ${path}`).join(", ")}`);
      const found = await usableOf(present, search).catch((error) => {
        if (settling === 0 || !mayPass(error)) {
          throw error;
        }
      });
      if (found !== undefined) {
        return found;
      }
      settling -= 1;
      await pause(SETTLE_MS, timers, signal);
      continue;
    }
    if (timeoutMs !== 0 && timers.now() - start >= timeoutMs) {
      throw missing(search);
    }
    if (!asked) {
      debug("security keys: none plugged in, waiting");
      prompts.insertKey();
      asked = true;
    }
    settling = SETTLE_TRIES;
    await pause(LOOK_MS, timers, signal);
  }
}

/** Whether waiting may help: udev has not granted access yet, or a key does not answer yet. */
function mayPass(error: unknown): boolean {
  return (
    error instanceof VouchError &&
    ["security-key-unreadable", "security-key-failed", "security-key-unplugged"].includes(error.code)
  );
}

function missing({ keys, timeoutMs }: KeySearch): VouchError {
  return new VouchError(
    "security-key-missing",
    `No security key was plugged in within ${Math.round(timeoutMs / 1000)} s.`,
    keys.missingHint === undefined ? {} : { hint: keys.missingHint },
  );
}

/** The key to use among those that work; if none does, throws the error of the first. */
async function usableOf(present: readonly SecurityKeyInfo[], search: KeySearch): Promise<FoundKey> {
  const tried = await Promise.allSettled(present.map((key) => connect(key, search)));
  const found = tried.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const [problem] = tried.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (found.length === 0) {
    throwIfInterrupted(search.signal);
    throw problem;
  }
  return chooseKey(found, search);
}

interface KeyChoice {
  /** Keys that hold no credential of this relying party are skipped, if they say so. */
  readonly rpId?: string;
  readonly prompts: AssertionPrompts;
}

/**
 * Chooses among several plugged-in keys: the only one with a credential, else the one that is touched. The others are released,
 * also if this throws.
 */
async function chooseKey(found: readonly FoundKey[], choice: KeyChoice): Promise<FoundKey> {
  let chosen: FoundKey | undefined;
  try {
    const possible = await thoseThatMayHold(found, choice.rpId);
    chosen = possible.length === 1 ? possible[0] : await touchedOf(possible, choice.prompts);
    if (chosen === undefined) throw new RangeError("no keys to choose from");
    debug(`security key: using ${chosen.name}, chosen from ${found.length}`);
    return chosen;
  } finally {
    const others = found.filter((key) => key !== chosen);
    await Promise.allSettled(others.map((key) => key.close()));
  }
}

async function thoseThatMayHold(
  found: readonly FoundKey[],
  rpId: string | undefined,
): Promise<readonly FoundKey[]> {
  if (rpId === undefined || found.length === 1) return found;
  const asked = await Promise.allSettled(found.map((key) => holdsCredential(key, rpId, "none")));
  const working = found.flatMap((key, index) => {
    const answer = asked[index];
    if (answer?.status === "fulfilled") return [{ key, holds: answer.value }];
    debug(`security key: ${key.name} is skipped: ${reasonOf(answer?.reason)}`);
    return [];
  });
  const possible = working.filter(({ holds }) => holds !== false);
  // If none holds one, or none works, the error is that of the first.
  const chosen = possible.length > 0 ? possible : working.slice(0, 1);
  return chosen.length > 0 ? chosen.map(({ key }) => key) : found.slice(0, 1);
}

/** All blink; the first one touched wins, and the others are told to stop. */
async function touchedOf(keys: readonly FoundKey[], prompts: AssertionPrompts): Promise<FoundKey> {
  const settled = new AbortController();
  const names = keys.map(({ name }) => name).join(", ");
  const wait = touchWait(prompts, { keyName: names, action: "choose" });
  const asked = keys.map((key) => touched(key, { onKeepalive: wait.onKeepalive, signal: settled.signal }));
  try {
    return await Promise.any(asked).catch((error: unknown) => {
      throw error instanceof AggregateError ? error.errors[0] : error;
    });
  } finally {
    wait.end();
    settled.abort();
    await Promise.allSettled(asked);
  }
}

/** Source: CTAP.md, "authenticatorSelection": new in CTAP 2.1. */
async function touched(key: FoundKey, wait: Wait): Promise<FoundKey> {
  const isNew = key.info.versions.includes("FIDO_2_1");
  try {
    await (isNew ? key.ctap.selection(wait) : key.ctap.selectionByEmptyPin(wait));
    return key;
  } catch (error) {
    throw keyError(error, { keyName: key.name, rpId: "" });
  }
}

/** Client data hash for requests that only ask what the key has; no signature is used. */
export const NO_CLIENT_DATA = Buffer.alloc(32);

/**
 * Throws the status of a key that holds no credential of this relying party, before a user is asked for a PIN or a touch;
 * returns true if it certainly holds one.
 */
export async function requireCredential(
  key: FoundKey,
  rpId: string,
  verification: UserVerification,
): Promise<boolean> {
  const holds = await holdsCredential(key, rpId, verification);
  if (holds === false) throw new CtapStatusError(CTAP_STATUS.noCredentials);
  return holds === true;
}

/**
 * Whether a key holds a credential of a relying party, asked without a touch, either before the PIN or with its token.
 *
 * Undefined if the key does not tell: a key with credProtect hides some credentials until its user is verified, and one with
 * `alwaysUv` reveals nothing before that. Source: CTAP.md, "getAssertion".
 */
export async function holdsCredential(
  key: FoundKey,
  rpId: string,
  verification: UserVerification,
  allowIds: readonly Uint8Array[] = [],
): Promise<boolean | undefined> {
  try {
    const request = { rpId, clientDataHash: NO_CLIENT_DATA, verification, allowIds, touch: false };
    await key.ctap.getAssertion(request);
    return true;
  } catch (error) {
    if (!(error instanceof CtapStatusError)) throw error;
    debug(`security key: ${key.name} reports for a ${rpId} credential: ${error.message}`);
    const hides = verification === "none" && key.info.extensions.includes("credProtect");
    return error.status === CTAP_STATUS.noCredentials && !hides ? false : undefined;
  }
}

/** How often a ceremony starts again after the key was unplugged. */
const MAX_REPLUGS = 3;

/** A PIN from a pipe can be read only once, so only with a user does the ceremony start again. */
export async function withReplugs<T>(
  mayAskAgain: boolean,
  prompts: AssertionPrompts,
  run: (isReplug: boolean) => Promise<T>,
): Promise<T> {
  for (let replugs = 0; ; replugs += 1) {
    try {
      return await run(replugs > 0);
    } catch (error) {
      const isUnplugged = error instanceof VouchError && error.code === "security-key-unplugged";
      if (!isUnplugged || !mayAskAgain || replugs >= MAX_REPLUGS) throw error;
      prompts.unplugged();
    }
  }
}
