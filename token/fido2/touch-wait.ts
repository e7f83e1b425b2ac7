import { debug } from "../debug.ts";
import type { AssertionPrompts, TouchAsk } from "./assertion-prompts.ts";
import type { Wait } from "./ctap2.ts";
import { KEEPALIVE_UP_NEEDED } from "./hid-exchange.ts";

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
