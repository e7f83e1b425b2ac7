/** One login in a process of its own, for a user and a machine of which the tests are another: prints what came of it. */
import { subscribe } from "node:diagnostics_channel";
import { DEBUG_CHANNEL } from "../../../../../token/debug.ts";
import { linuxPlace } from "../../../../../token/fido2/hid/key-access.ts";
import { systemSecurityKeys } from "../../../../../token/fido2/hid/system-security-keys.ts";
import { type LoginEnd, startLogin } from "../login.ts";

export interface ClientWords {
  readonly listed: readonly unknown[];
  readonly end: LoginEnd;
  /** What is said for `--debug`. */
  readonly debug: readonly string[];
}

const debug: string[] = [];
subscribe(DEBUG_CHANNEL, (line) => void debug.push(String(line)));
const keys = systemSecurityKeys({ platform: process.platform, place: linuxPlace(process.env) });
const listed = await keys.list();
const end = await startLogin(keys, { timeoutMs: 1000 }).ended;
process.stdout.write(JSON.stringify({ listed, end, debug } satisfies ClientWords));
