import { encode } from "cborg";
import type { Timers } from "../../../token/timers.ts";
import { SoftAssertions } from "./soft-assertion.ts";
import { decodeParameters, SoftStatus, STATUS } from "./soft-cbor.ts";
import { type ConsentSurroundings, type PersonAtKey, userPresence } from "./soft-consent.ts";
import { knowsCtap21, type SoftKeyProfile } from "./soft-key-profiles.ts";
import type { SoftKeyState } from "./soft-key-state.ts";
import { makeCredential, roomLeft } from "./soft-make-credential.ts";
import { SoftPin } from "./soft-pin.ts";
import { SoftToken } from "./soft-token.ts";

export interface SoftCtapOptions {
  readonly profile: SoftKeyProfile;
  readonly timers: Timers;
  readonly loadState: () => SoftKeyState;
  readonly saveState: (state: SoftKeyState) => void;
}

/**
 * The CTAP2 commands of a software key. Source: token/fido2/CTAP.md, "getInfo" and after it. Absent: credential
 * management, reset, setting fingerprints up.
 */
export class SoftCtap {
  readonly #options: SoftCtapOptions;
  readonly #pin: SoftPin;
  readonly #token: SoftToken;
  readonly #assertions: SoftAssertions;

  constructor(options: SoftCtapOptions) {
    this.#options = options;
    this.#token = new SoftToken(options.timers);
    this.#pin = new SoftPin(options.profile, this.#token);
    this.#assertions = new SoftAssertions(options.timers);
  }

  /** What plugging in does: everything volatile is gone, and PINs are taken again. */
  powerUp(): void {
    this.#pin.powerUp();
    this.#token.drop();
    this.#assertions.forget();
    const state = this.#options.loadState();
    state.wrongInARow = 0;
    this.#options.saveState(state);
  }

  /** A status byte, and CBOR when there is something to say. */
  async answer(request: Uint8Array, person: PersonAtKey): Promise<Uint8Array> {
    const state = this.#options.loadState();
    const before = JSON.stringify(state);
    try {
      const answer = await this.#run(request, state, person);
      return Buffer.concat([Buffer.from([0]), answer.size === 0 ? new Uint8Array() : encode(answer)]);
    } catch (error) {
      if (error instanceof SoftStatus) {
        return Buffer.from([error.status]);
      }
      throw error;
    } finally {
      if (JSON.stringify(state) !== before) {
        this.#options.saveState(state);
      }
    }
  }

  async #run(request: Uint8Array, state: SoftKeyState, person: PersonAtKey): Promise<Map<number, unknown>> {
    const [command] = request;
    const body = request.subarray(1);
    const around = { ...person, profile: this.#options.profile, token: this.#token, state };
    if (command !== 0x08) {
      this.#assertions.forget();
    }
    switch (command) {
      case 0x01:
        return makeCredential(decodeParameters(body), around);
      case 0x02:
        return this.#assertions.get(decodeParameters(body), around);
      case 0x04:
        return this.#getInfo(state);
      case 0x06:
        return this.#pin.run(decodeParameters(body), state, person.finger);
      case 0x08:
        return this.#assertions.next(state);
      case 0x0b:
        return this.#select(around);
      default:
        throw new SoftStatus(STATUS.invalidCommand);
    }
  }

  /** authenticatorSelection: a touch and nothing else. Source: token/fido2/CTAP.md, "makeCredential". */
  async #select(around: ConsentSurroundings): Promise<Map<number, unknown>> {
    if (!knowsCtap21(around.profile)) {
      throw new SoftStatus(STATUS.invalidCommand);
    }
    await userPresence(around);
    return new Map();
  }

  #getInfo(state: SoftKeyState): Map<number, unknown> {
    const { profile } = this.#options;
    const answer = new Map<number, unknown>([
      [0x01, profile.versions],
      [0x02, profile.extensions],
      [0x03, Buffer.from(profile.aaguid, "hex")],
      [0x04, { ...profile.options, clientPin: state.pinHash !== null }],
      [0x05, profile.maxMsgSize],
      [0x06, profile.pinUvAuthProtocols],
      ...profile.more,
    ]);
    const current = [
      [0x0c, state.forcePinChange],
      [0x14, roomLeft({ profile, state })],
    ] as const;
    for (const [member, value] of current) {
      if (answer.has(member)) {
        answer.set(member, value);
      }
    }
    return answer;
  }
}
