/** The software keys of a guest, in a process of their own as a key is: plugged in, touched and watched by order. */
import { systemTimers, type Timers } from "../../../../../token/timers.ts";
import type { TouchOutcome } from "../../../../lab/key/soft-consent.ts";
import { SoftKey } from "../../../../lab/key/soft-key.ts";
import { YUBIKEY_5_1, YUBIKEY_5_7_1 } from "../../../../lab/key/soft-key-profiles.ts";
import { newSoftKeyState } from "../../../../lab/key/soft-key-state.ts";
import type { KeyOrder, KeyPlace, KeyWord, SeenReports } from "./orders.ts";
import type { KeyPort, PortListener } from "./port.ts";
import { plugUhid } from "./uhid.ts";
import { plugUsb } from "./usb.ts";

/** Malformed reports that are told of. */
const TOLD = 5;

/** A guest may stand still for a while: a key that drops what is not whole after half a second would be at a loss. */
const slow: Timers = { ...systemTimers, after: (ms, fire) => systemTimers.after(4 * ms, fire) };

const say = (word: KeyWord) => void process.send?.(word);
const keys = new Map<KeyPlace, ReturnType<typeof placedKey>>();

process.on("message", (order: KeyOrder) => {
  try {
    const key = keys.get(order.place) ?? placedKey(order.place);
    keys.set(order.place, key);
    say({ done: order.number, seen: key.obey(order) });
  } catch (error) {
    say({ failed: order.number, why: String(error) });
  }
});
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

/** A key without PIN and credentials, not plugged in yet. It keeps what it learns while it is unplugged. */
function placedKey(place: KeyPlace) {
  let state = newSoftKeyState();
  let held = false;
  let touched: ((outcome: TouchOutcome) => void) | undefined;
  let port: KeyPort | undefined;
  let reports = 0;
  const malformed: string[] = [];

  const key = new SoftKey({
    timers: slow,
    profile: place === "usb" ? YUBIKEY_5_7_1 : YUBIKEY_5_1,
    loadState: () => structuredClone(state),
    saveState: (next) => {
      state = structuredClone(next);
    },
    touch: () => {
      say({ blinks: place });
      return held
        ? new Promise((resolve) => {
            touched = resolve;
          })
        : Promise.resolve("touched");
    },
  });
  key.unplug();

  const unplug = () => {
    key.unplug();
    port?.unplug();
  };
  const plug = (until = Number.POSITIVE_INFINITY) => {
    const last = reports + until;
    key.plugIn();
    const pipe = key.open();
    const listener: PortListener = {
      report(report) {
        reports += 1;
        if (reports === last) unplug();
        else void pipe.write(report);
      },
      malformed(why) {
        reports += 1;
        if (malformed.length < TOLD) malformed.push(why);
      },
    };
    port = place === "usb" ? plugUsb(listener) : plugUhid("Soft Key", listener);
    pipe.listen({ report: port.send, error: () => undefined });
  };

  return {
    obey({ verb, reports: until }: KeyOrder): SeenReports {
      if (verb === "plug") plug(until);
      else if (verb === "unplug") unplug();
      else if (verb === "touch") touched?.("touched");
      else if (verb !== "watch") held = verb === "hold";
      return { reports, malformed };
    },
  };
}
