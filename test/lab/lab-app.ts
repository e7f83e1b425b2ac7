/**
 * The full program with the lab's software key behind `HidPipe`, instead of what is plugged in, and with LAB_DATABASE_HOME
 * for the home that the user database has.
 */
import fs from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { main as realMain } from "../../plugin/real-app.ts";
import { SoftKey } from "./key/soft-key.ts";
import { YUBIKEY_5_7_1 } from "./key/soft-key-profiles.ts";
import type { SoftKeyState } from "./key/soft-key-state.ts";
import { softSecurityKeys } from "./key/soft-security-keys.ts";

/** How long the lab's person takes to touch the key, in milliseconds, unless LAB_TOUCH_MS says otherwise. */
const TOUCH_MS = 300;

/** What the person does with the key: LAB_TOUCH is `touched` (when unset), `declined`, `timeout` or `unplugged`. */
function labKey(): SoftKey {
  const stateFile = process.env["LAB_KEY_STATE"] ?? "";
  const outcome = process.env["LAB_TOUCH"] ?? "touched";
  return new SoftKey({
    profile: YUBIKEY_5_7_1,
    loadState: () => JSON.parse(fs.readFileSync(stateFile, "utf8")) as SoftKeyState,
    saveState: (state) => fs.writeFileSync(stateFile, JSON.stringify(state), { mode: 0o600 }),
    touch: async () => {
      await delay(Number(process.env["LAB_TOUCH_MS"] ?? TOUCH_MS), undefined, { ref: false });
      return outcome === "declined" || outcome === "timeout" ? outcome : "touched";
    },
  });
}

/** Runs this process's command line. */
export function main(): Promise<never> {
  return realMain({
    securityKeys: async () =>
      softSecurityKeys({ keys: process.env["LAB_TOUCH"] === "unplugged" ? [] : [labKey()] }),
    databaseHome: () => process.env["LAB_DATABASE_HOME"],
  });
}
