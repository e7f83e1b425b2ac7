import { debug } from "../debug.ts";
import { VouchError } from "../errors/errors.ts";
import type { AssertionPrompts } from "./assertion-prompts.ts";
import { CtapHid } from "./ctap-hid.ts";
import { CtapStatusError, statusError } from "./ctap-status.ts";
import { Ctap2 } from "./ctap2.ts";
import { pause, throwIfInterrupted } from "./interruption.ts";
import type { KeyInfo } from "./key-info.ts";
import type { SecurityKeyInfo, SecurityKeys } from "./security-keys.ts";
import type { Timers } from "./timers.ts";

/** Between two looks for a key, in milliseconds. Source: token/vouch/VOUCH-PROTOCOL.md, "Assertion on the key". */
const LOOK_MS = 500;
/**
 * A key that was just plugged in may need a moment, not least for udev to give access.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Assertion on the key".
 */
const SETTLE_TRIES = 10;
const SETTLE_MS = 200;

export interface KeySearch {
  readonly keys: SecurityKeys;
  readonly prompts: AssertionPrompts;
  readonly signal: AbortSignal;
  readonly timers: Timers;
  /** How long to wait for a key to be plugged in, in milliseconds; 0 means no limit. */
  readonly timeoutMs: number;
}

/** A key that speaks FIDO2, with an open channel. Whoever has it closes it. */
export interface FoundKey {
  readonly name: string;
  readonly info: KeyInfo;
  readonly ctap: Ctap2;
  readonly close: () => Promise<void>;
}

/**
 * Waits until a key is plugged in, and opens the first that speaks FIDO2.
 *
 * Several keys at once: the first in the system's order is taken, without asking. Letting the user touch the one to
 * use belongs here, and is deliberately absent.
 */
export async function findKey(search: KeySearch): Promise<FoundKey> {
  const { keys, prompts, signal, timers, timeoutMs } = search;
  const start = timers.now();
  let settling = 0;
  let asked = false;
  for (;;) {
    throwIfInterrupted(signal);
    const present = await keys.list();
    if (present.length > 0) {
      debug(`security keys: ${present.map(({ name, path }) => `${name} at ${path}`).join(", ")}`);
      const found = await firstUsable(present, search).catch((error) => {
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
      debug("security keys: none is plugged in, waiting");
      prompts.insertKey();
      asked = true;
    }
    settling = SETTLE_TRIES;
    await pause(LOOK_MS, timers, signal);
  }
}

/** Whether waiting may help: access that udev has not given yet, a key that does not answer yet. */
function mayPass(error: unknown): boolean {
  return (
    error instanceof VouchError &&
    (error.code === "security-key-unreadable" || error.code === "security-key-failed")
  );
}

function missing({ keys, timeoutMs }: KeySearch): VouchError {
  return new VouchError(
    "security-key-missing",
    `No security key was plugged in within ${Math.round(timeoutMs / 1000)} s.`,
    keys.missingHint === undefined ? {} : { hint: keys.missingHint },
  );
}

/** The first key that can be used; when none can, what was the matter with the first. */
async function firstUsable(present: readonly SecurityKeyInfo[], search: KeySearch): Promise<FoundKey> {
  const problems: unknown[] = [];
  for (const key of present) {
    try {
      return await connect(key, search);
    } catch (error) {
      throwIfInterrupted(search.signal);
      problems.push(error);
    }
  }
  throw problems[0];
}

async function connect(key: SecurityKeyInfo, search: KeySearch): Promise<FoundKey> {
  const { keys, prompts, signal, timers } = search;
  const hid = await CtapHid.open(await keys.open(key), { timers, signal, onBusy: prompts.busy });
  try {
    const ctap = new Ctap2(hid);
    return { name: key.name, info: await fido2Info(key, hid, ctap), ctap, close: () => hid.close() };
  } catch (error) {
    await hid.close();
    throw error instanceof CtapStatusError ? statusError(error, { keyName: key.name, rpId: "" }) : error;
  }
}

async function fido2Info(key: SecurityKeyInfo, hid: CtapHid, ctap: Ctap2): Promise<KeyInfo> {
  const info = hid.speaksCbor ? await ctap.getInfo() : undefined;
  if (info === undefined || !info.versions.some((version) => version.startsWith("FIDO_2_"))) {
    throw new VouchError(
      "security-key-unsupported",
      `${key.name} does not speak FIDO2: it knows only U2F, or FIDO2 is switched off on it.`,
    );
  }
  debug(`security key: ${key.name} speaks ${info.versions.join(", ")}; options ${optionsText(info)}`);
  return info;
}

function optionsText({ options }: KeyInfo): string {
  return [...options].map(([name, value]) => `${name}=${value}`).join(", ");
}
