import { debug } from "../../debug.ts";
import { VouchError } from "../../errors/errors.ts";
import type { Timers } from "../../timers.ts";
import { CtapHid } from "../hid/ctap-hid.ts";
import { KEEPALIVE_UP_NEEDED } from "../hid/hid-exchange.ts";
import type { SecurityKeyInfo, SecurityKeys } from "../hid/security-keys.ts";
import type { AssertionPrompts, TouchAsk } from "../prompts.ts";
import type { KeyInfo } from "./answers.ts";
import { Ctap2, type Wait } from "./ctap2.ts";
import { keyError } from "./status.ts";

export interface KeySurroundings {
  readonly keys: SecurityKeys;
  readonly prompts: Pick<AssertionPrompts, "busy">;
  readonly signal: AbortSignal;
  readonly timers: Timers;
}

/** A key that speaks FIDO2, with an open channel. Its owner closes it. */
export interface FoundKey {
  readonly name: string;
  readonly info: KeyInfo;
  readonly ctap: Ctap2;
  readonly close: () => Promise<void>;
}

/** Opens a key and reads its information. Throws if it cannot be opened, or does not speak FIDO2. */
export async function connect(
  key: SecurityKeyInfo,
  { keys, prompts, signal, timers }: KeySurroundings,
): Promise<FoundKey> {
  const hid = await CtapHid.open(await keys.open(key), { timers, signal, onBusy: prompts.busy });
  try {
    const ctap = new Ctap2(hid);
    return { name: key.name, info: await fido2Info(key, hid, ctap), ctap, close: () => hid.close() };
  } catch (error) {
    await hid.close();
    throw keyError(error, { keyName: key.name, rpId: "" });
  }
}

async function fido2Info(key: SecurityKeyInfo, hid: CtapHid, ctap: Ctap2): Promise<KeyInfo> {
  const info = hid.speaksCbor ? await ctap.getInfo() : undefined;
  if (info === undefined || !info.versions.some((version) => version.startsWith("FIDO_2_"))) {
    throw new VouchError(
      "security-key-unsupported",
      `${key.name} does not support FIDO2: it supports only U2F, or FIDO2 is disabled on it.`,
    );
  }
  debug(`security key: ${key.name} supports ${info.versions.join(", ")}; options ${optionsText(info)}`);
  return info;
}

function optionsText({ options }: KeyInfo): string {
  return [...options].map(([name, value]) => `${name}=${value}`).join(", ");
}

/** A request during which the key may ask for a user, who is told when it does, until `end` is called. */
export function touchWait(
  prompts: Pick<AssertionPrompts, "touch">,
  ask: TouchAsk,
): Wait & { readonly end: () => void } {
  let stop: (() => void) | undefined;
  return {
    onKeepalive(status) {
      if (status !== KEEPALIVE_UP_NEEDED || stop !== undefined) return;
      debug(`security key: waiting for a ${ask.action === "finger" ? "finger" : "touch"}`);
      stop = prompts.touch(ask);
    },
    end: () => stop?.(),
  };
}
