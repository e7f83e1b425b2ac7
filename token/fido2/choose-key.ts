import { debug } from "../debug.ts";
import { reasonOf } from "../errors/errors.ts";
import type { AssertionPrompts } from "./assertion-prompts.ts";
import { keyError } from "./ctap-status.ts";
import type { Wait } from "./ctap2.ts";
import type { FoundKey } from "./open-key.ts";
import { holdsCredential } from "./pre-flight.ts";
import { touchWait } from "./touch-wait.ts";

export interface KeyChoice {
  /** Keys that hold no credential of this relying party are skipped, if they say so. */
  readonly rpId?: string;
  readonly prompts: AssertionPrompts;
}

/**
 * Chooses among several plugged-in keys: the only one with a credential, else the one that is touched. The others are released,
 * also if this throws.
 */
export async function chooseKey(found: readonly FoundKey[], choice: KeyChoice): Promise<FoundKey> {
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
