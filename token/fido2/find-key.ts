import { debug } from "../debug.ts";
import { VouchError } from "../errors/errors.ts";
import { pause, throwIfInterrupted } from "../interruption.ts";
import type { AssertionPrompts } from "./assertion-prompts.ts";
import { chooseKey } from "./choose-key.ts";
import { connect, type FoundKey, type KeySurroundings } from "./open-key.ts";
import type { SecurityKeyInfo } from "./security-keys.ts";

/** Interval between two searches for a key, in milliseconds. Source: token/vouch/VOUCH-PROTOCOL.md, "Assertion on the key". */
const LOOK_MS = 500;
/**
 * A key that was just plugged in may need a moment, especially until udev has granted access.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Assertion on the key".
 */
const SETTLE_TRIES = 10;
const SETTLE_MS = 200;

export interface KeySearch extends KeySurroundings {
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
