import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { type HidPipe, REPORT_SIZE } from "../../token/fido2/hid/security-keys.ts";
import { SoftKey, type SoftKeyOptions } from "../lab/key/soft-key.ts";
import type { SoftKeyProfile } from "../lab/key/soft-key-profiles.ts";
import { newSoftKeyState, type SoftKeyState } from "../lab/key/soft-key-state.ts";

/** A software key at the end of a UNIX socket: bare reports in both directions, and who connects has it open. */
export interface OfferedKey {
  readonly socket: string;
  readonly key: SoftKey;
  /** As it is now. */
  readonly state: SoftKeyState;
}

const TOUCHED: SoftKeyOptions["touch"] = async () => "touched";

export interface Offer extends Pick<SoftKeyOptions, "finger"> {
  readonly pin?: string;
  /** Touched as soon as it blinks when absent. */
  readonly touch?: SoftKeyOptions["touch"];
}

/** Offers keys to the test it is called in. They are gone after it. */
export function offeredKeys(): (profile: SoftKeyProfile, options?: Offer) => Promise<OfferedKey> {
  let folder = "";
  const ends: (() => void)[] = [];
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "vouch-keys-"));
  });
  afterEach(() => {
    for (const end of ends.splice(0)) end();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  return async (profile, { pin, touch = TOUCHED, ...person } = {}) => {
    const state = newSoftKeyState({ pin });
    const key = new SoftKey({
      ...person,
      profile,
      touch,
      loadState: () => structuredClone(state),
      saveState: (next) => Object.assign(state, structuredClone(next)),
    });
    const socket = path.join(folder, `key-${ends.length}`);
    ends.push(await offerPipes(socket, () => key.open()));
    return { socket, key, state };
  };
}

/** Opens a pipe for each who connects; the returned function takes no more of them. */
export async function offerPipes(socket: string, open: () => HidPipe): Promise<() => void> {
  const server = net.createServer((connection) => connect(open(), connection));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return () => server.close();
}

/** Until either side lets go. */
function connect(pipe: HidPipe, connection: net.Socket): void {
  pipe.listen({
    report: (report) => connection.write(report),
    error: () => connection.destroy(),
  });
  let rest = Buffer.alloc(0);
  connection.on("data", (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= REPORT_SIZE; rest = rest.subarray(REPORT_SIZE)) {
      void pipe.write(rest.subarray(0, REPORT_SIZE));
    }
  });
  connection.on("error", () => connection.destroy());
  connection.on("close", () => void pipe.close());
}
