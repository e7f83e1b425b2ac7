import assert from "node:assert/strict";
import { verify } from "node:crypto";
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { hidrawKeys } from "../../../../token/fido2/hid/hidraw.ts";
import { loadNodeHid, nodeHidKeys } from "../../../../token/fido2/hid/node-hid.ts";
import type { SecurityKeys } from "../../../../token/fido2/hid/security-keys.ts";
import { systemTimers } from "../../../../token/timers.ts";
import type { KeyPlace } from "./key/orders.ts";
import { KeyRig } from "./key-rig.ts";
import { libfido2 } from "./libfido2.ts";
import type { LoginEnd } from "./login.ts";

/** The two ways in which our client gets at a key on Linux. */
export const WAYS = {
  "node-hid": async () => nodeHidKeys(await loadNodeHid()),
  "plain files": async () =>
    hidrawKeys({ timers: systemTimers, sysRoot: "/sys/class/hidraw", devRoot: "/dev" }),
} as const satisfies Record<string, () => Promise<SecurityKeys>>;

/** What a place makes of a key: the file of its FIDO interface, and its name for people. */
const PLACES = {
  uhid: { path: "/dev/hidraw0", name: "Soft Key" },
  // The keyboard beside it is /dev/hidraw0.
  usb: { path: "/dev/hidraw1", name: "Yubico YubiKey OTP+FIDO+CCID" },
} as const;

/** How long the kernel may take to show what was plugged in, in milliseconds. */
const SETTLE_MS = 5000;

/** A guest with one key of its kind, which a person plugs in and touches. */
export class Bench {
  readonly rig = new KeyRig();
  readonly place: KeyPlace;
  /** As our client lists it. */
  readonly key: { readonly path: string; readonly name: string };
  readonly tools: ReturnType<typeof libfido2>;
  /** The public key of the credential of RP_ID on the key, as PEM. */
  publicKey = "";
  #plugged = false;

  constructor(place: KeyPlace) {
    this.place = place;
    this.key = PLACES[place];
    this.tools = libfido2(this.key.path);
  }

  /** The key is plugged in and is touched as soon as it blinks. */
  async ready(): Promise<void> {
    await this.rig.order(this.place, "at-once");
    if (!this.#plugged) await this.plug();
  }

  /** Until so many reports have come, when that is given. */
  async plug(reports?: number): Promise<void> {
    await this.rig.order(this.place, "plug", reports);
    this.#plugged = true;
    await until(() => fs.existsSync(this.key.path), `${this.key.path} did not appear`);
  }

  async unplug(): Promise<void> {
    await this.rig.order(this.place, "unplug");
    await this.gone();
  }

  /** It was unplugged, and the kernel has seen it. */
  async gone(): Promise<void> {
    this.#plugged = false;
    await until(() => !fs.existsSync(this.key.path), `${this.key.path} did not go`);
  }

  hold(): Promise<unknown> {
    return this.rig.order(this.place, "hold");
  }

  touch(): Promise<unknown> {
    return this.rig.order(this.place, "touch");
  }

  /** Fails unless a login ended with a signature by the credential on the key, made with PIN and touch. */
  signed(end: LoginEnd, publicKey = this.publicKey): void {
    if ("failure" in end) throw new Error(`the login failed: ${JSON.stringify(end.failure)}`);
    const { authenticatorData, signature, clientDataHash } = end.assertion;
    const [data, hash, der] = [authenticatorData, clientDataHash, signature].map((text) =>
      Buffer.from(text, "base64"),
    ) as [Buffer, Buffer, Buffer];
    assert.ok(verify("sha256", Buffer.concat([data, hash]), publicKey, der), "the signature is wrong");
    assert.equal((data[32] ?? 0) & 0x05, 0x05, "PIN and touch");
  }
}

/** Waits until it holds. */
export async function until(holds: () => boolean, otherwise: string): Promise<void> {
  const start = performance.now();
  while (!holds()) {
    if (performance.now() - start > SETTLE_MS) throw new Error(otherwise);
    await sleep(20);
  }
}
