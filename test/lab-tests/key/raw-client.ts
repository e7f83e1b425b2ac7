import { generateKeyPairSync, randomBytes } from "node:crypto";
import { decode, encode } from "cborg";
import { CtapHid } from "../../../token/fido2/hid/ctap-hid.ts";
import type { HidPipe } from "../../../token/fido2/hid/security-keys.ts";
import {
  choosePinUvProtocol,
  keyAgreementKey,
  type PinUvProtocol,
  pinHash,
  sharedPoint,
} from "../../../token/fido2/pin/pin-protocol.ts";
import type { TouchOutcome } from "../../lab/key/soft-consent.ts";
import type { FingerOutcome } from "../../lab/key/soft-finger.ts";
import { SoftKey } from "../../lab/key/soft-key.ts";
import type { SoftKeyProfile } from "../../lab/key/soft-key-profiles.ts";
import { enrolCredential, newSoftKeyState, type SoftKeyState } from "../../lab/key/soft-key-state.ts";
import { virtualTimers } from "../../lab/key/virtual-timers.ts";

export const RP_ID = "vouch.example.test";
export const PIN = "canary-pin-7391";
export const HASH = Buffer.alloc(32, 0x5a);

export interface Reply {
  readonly status: number;
  readonly map: ReadonlyMap<unknown, unknown>;
}

export interface RawOptions {
  readonly profile: SoftKeyProfile;
  readonly change?: (state: SoftKeyState) => void;
  readonly touch?: () => Promise<TouchOutcome>;
  readonly finger?: () => Promise<FingerOutcome>;
}

/** Members of a request; undefined takes one out. */
type Changes = readonly (readonly [number, unknown])[];

function changed(parameters: Map<number, unknown>, changes: Changes): Map<number, unknown> {
  for (const [member, value] of changes) {
    if (value === undefined) parameters.delete(member);
    else parameters.set(member, value);
  }
  return parameters;
}

/** A client that can do everything wrong: it sends what it is told and gives back what it gets. */
export class RawClient {
  readonly state: SoftKeyState = newSoftKeyState({ pin: PIN });
  readonly timers = virtualTimers();
  readonly key: SoftKey;
  readonly protocol: PinUvProtocol;
  #hid: Promise<CtapHid> | undefined;

  constructor({
    profile,
    change,
    touch = async () => "touched",
    finger = async () => "accepted",
  }: RawOptions) {
    enrolCredential(this.state, { rpId: RP_ID, userHandle: Buffer.alloc(16, 1), userName: "ada" });
    change?.(this.state);
    this.key = new SoftKey({
      profile,
      touch,
      finger,
      timers: this.timers,
      loadState: () => structuredClone(this.state),
      saveState: (next) => Object.assign(this.state, structuredClone(next)),
    });
    const protocol = choosePinUvProtocol(profile.pinUvAuthProtocols);
    if (protocol === undefined) throw new Error("the profile has no protocol of ours");
    this.protocol = protocol;
  }

  pipe(): HidPipe {
    return this.key.open();
  }

  channel(signal = new AbortController().signal): Promise<CtapHid> {
    return CtapHid.open(this.key.open(), {
      timers: this.timers,
      signal,
      onBusy: () => {},
    });
  }

  /** A command with parameters that are encoded, or sent as they are when they are bytes. */
  async send(command: number, parameters?: ReadonlyMap<number, unknown> | Uint8Array): Promise<Reply> {
    this.#hid ??= this.channel();
    const body = parameters instanceof Map ? encode(parameters) : (parameters as Uint8Array | undefined);
    const payload = Buffer.concat([Buffer.from([command]), body ?? new Uint8Array()]);
    const answer = await (await this.#hid).send({ command: 0x10, payload });
    const map = answer.length > 1 ? decode(answer.subarray(1), { useMaps: true }) : new Map();
    return { status: answer[0] ?? -1, map };
  }

  async status(command: number, parameters?: ReadonlyMap<number, unknown> | Uint8Array): Promise<number> {
    return (await this.send(command, parameters)).status;
  }

  /** A clientPIN request for a token, with changes; and the key to open the answer with. */
  async vouchRequest(subcommand: number, pin = PIN, changes: Changes = []) {
    const { version } = this.protocol;
    const theirs = await this.send(
      0x06,
      new Map([
        [1, version],
        [2, 2],
      ]),
    );
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const encryptionKey = this.protocol.encryptionKey(
      sharedPoint(theirs.map.get(1) as Map<unknown, unknown>, privateKey),
    );
    const parameters = new Map<number, unknown>([
      [1, version],
      [2, subcommand],
      [3, keyAgreementKey(publicKey)],
    ]);
    if (subcommand !== 6) {
      parameters.set(6, this.protocol.encrypt(encryptionKey, pinHash(pin), randomBytes(16)));
    }
    if (subcommand !== 5) {
      parameters.set(9, 2).set(10, RP_ID);
    }
    changed(parameters, changes);
    return { parameters, encryptionKey };
  }

  async token(subcommand: number, changes: Changes = [], pin = PIN): Promise<Uint8Array> {
    const { parameters, encryptionKey } = await this.vouchRequest(subcommand, pin, changes);
    const { status, map } = await this.send(0x06, parameters);
    const token = this.protocol.decrypt(encryptionKey, map.get(2) as Uint8Array);
    if (status !== 0 || token === undefined) throw new Error(`no token: status 0x${status.toString(16)}`);
    return token;
  }

  /** The status of a try with a PIN. */
  async tryPin(pin: string, subcommand: number): Promise<number> {
    return this.status(0x06, (await this.vouchRequest(subcommand, pin)).parameters);
  }

  /** Parameters of getAssertion with a token's proof, with changes. */
  assertionRequest(token: Uint8Array | undefined, changes: Changes = []): Map<number, unknown> {
    const parameters = new Map<number, unknown>([
      [1, RP_ID],
      [2, HASH],
    ]);
    return this.#proven(parameters, token, changes, 6);
  }

  /** Parameters of makeCredential for a discoverable credential, with changes. */
  registrationRequest(token: Uint8Array | undefined, changes: Changes = []): Map<number, unknown> {
    const parameters = new Map<number, unknown>([
      [1, HASH],
      [2, { id: RP_ID, name: "Vouch" }],
      [3, { id: Buffer.alloc(16, 9), name: "linus", displayName: "Linus" }],
      [4, [{ alg: -7, type: "public-key" }]],
      [7, { rk: true }],
    ]);
    return this.#proven(parameters, token, changes, 8);
  }

  #proven(
    parameters: Map<number, unknown>,
    token: Uint8Array | undefined,
    changes: Changes,
    member: number,
  ): Map<number, unknown> {
    if (token !== undefined) {
      parameters.set(member, this.protocol.authenticate(token, HASH)).set(member + 1, this.protocol.version);
    }
    return changed(parameters, changes);
  }
}
