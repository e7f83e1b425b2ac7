import type { ECDH } from "node:crypto";
import { type Parameters, SoftStatus, STATUS } from "./soft-cbor.ts";
import { type Finger, readsFingers, verifyFinger } from "./soft-finger.ts";
import { grantAsked, oldGrant } from "./soft-grant.ts";
import type { SoftKeyProfile } from "./soft-key-profiles.ts";
import { ALL_PIN_TRIES, ALL_UV_TRIES, type SoftKeyState, softPinHash } from "./soft-key-state.ts";
import {
  authentic,
  newKeyAgreement,
  publicHalf,
  type SoftSecret,
  seal,
  softSecret,
  unseal,
} from "./soft-pin-crypto.ts";
import type { SoftToken, TokenGrant } from "./soft-token.ts";

/** Wrong PINs in a row until the key wants to be plugged in again. Source: token/fido2/CTAP.md, "PIN retries". */
const TRIES_IN_A_ROW = 3;
/** The shortest PIN when getInfo does not say (member 0x0d), in code points. */
const MIN_PIN_LENGTH = 4;
/** What a right PIN gives back, the tries of a finger too. */
const ALL_TRIES = { pinRetries: ALL_PIN_TRIES, wrongInARow: 0, uvRetries: ALL_UV_TRIES };

/** authenticatorClientPIN of a software key. Source: token/fido2/CTAP.md, "clientPIN". */
export class SoftPin {
  readonly #profile: SoftKeyProfile;
  readonly #token: SoftToken;
  #keyAgreement: ECDH = newKeyAgreement();

  constructor(profile: SoftKeyProfile, token: SoftToken) {
    this.#profile = profile;
    this.#token = token;
  }

  /** A new key agreement, as after plugging in. */
  powerUp(): void {
    this.#keyAgreement = newKeyAgreement();
  }

  async run(parameters: Parameters, state: SoftKeyState, finger: Finger): Promise<Map<number, unknown>> {
    switch (parameters.number(0x02)) {
      case 0x01:
        this.#requireVersion(parameters);
        return this.#retries(state);
      case 0x02:
        this.#version(parameters);
        return new Map([[0x01, publicHalf(this.#keyAgreement)]]);
      case 0x03:
        return this.#setPin(parameters, state);
      case 0x04:
        return this.#changePin(parameters, state);
      case 0x05:
        return this.#tokenForPin(parameters, state, oldGrant(parameters));
      case 0x06:
        return this.#tokenForFinger(parameters, state, finger);
      case 0x07:
        this.#requireSubcommand("uv");
        return new Map([[0x05, state.uvRetries]]);
      case 0x09:
        this.#requireSubcommand("pinUvAuthToken");
        return this.#tokenForPin(parameters, state, grantAsked(parameters, this.#profile, "pin"));
      default:
        throw new SoftStatus(STATUS.invalidSubcommand);
    }
  }

  #version(parameters: Parameters): number {
    const version = parameters.number(0x01);
    if (!this.#profile.pinUvAuthProtocols.includes(version)) {
      throw new SoftStatus(STATUS.invalidParameter);
    }
    return version;
  }

  /**
   * CTAP 2.1 made the version optional where no secret is exchanged; libfido2 sends 1 to every key.
   * Source: token/fido2/CTAP.md, "clientPIN".
   */
  #requireVersion(parameters: Parameters): void {
    if (!this.#profile.versions.includes("FIDO_2_1")) parameters.number(0x01);
  }

  #retries(state: SoftKeyState): Map<number, unknown> {
    if (this.#profile.pinRetriesStatus !== undefined) throw new SoftStatus(this.#profile.pinRetriesStatus);
    if (state.pinHash === null) {
      throw new SoftStatus(STATUS.pinNotSet);
    }
    const answer = new Map<number, unknown>([[0x03, state.pinRetries]]);
    const tellsPower = this.#profile.options["pinUvAuthToken"] === true;
    return tellsPower ? answer.set(0x04, state.wrongInARow >= TRIES_IN_A_ROW) : answer;
  }

  /** A subcommand exists if the key has the option, on or off. */
  #requireSubcommand(option: "uv" | "pinUvAuthToken"): void {
    if (this.#profile.options[option] === undefined) {
      throw new SoftStatus(STATUS.invalidSubcommand);
    }
  }

  #tokenForPin(
    parameters: Parameters,
    state: SoftKeyState,
    grant: Omit<TokenGrant, "version">,
  ): Map<number, unknown> {
    const secret = this.#secret(parameters);
    this.#checkPin(state, secret, parameters.bytes(0x06));
    if (state.forcePinChange) {
      throw new SoftStatus(STATUS.pinInvalid);
    }
    return this.#issue(secret, grant);
  }

  async #tokenForFinger(
    parameters: Parameters,
    state: SoftKeyState,
    finger: Finger,
  ): Promise<Map<number, unknown>> {
    this.#requireSubcommand("uv");
    const grant = grantAsked(parameters, this.#profile, "finger");
    const secret = this.#secret(parameters);
    if (!readsFingers(this.#profile)) {
      throw new SoftStatus(STATUS.notAllowed);
    }
    await verifyFinger(this.#profile, state, finger);
    return this.#issue(secret, grant);
  }

  #issue(secret: SoftSecret, grant: Omit<TokenGrant, "version">): Map<number, unknown> {
    return new Map([[0x02, seal(secret, this.#token.issue({ ...grant, version: secret.version }))]]);
  }

  #secret(parameters: Parameters): SoftSecret {
    const version = this.#version(parameters);
    const theirs = parameters.map(0x03);
    try {
      return softSecret(version, this.#keyAgreement, theirs);
    } catch (error) {
      throw error instanceof SoftStatus ? error : new SoftStatus(STATUS.invalidParameter);
    }
  }

  /** The try is counted before the PIN is looked at. A wrong one costs the key agreement too. */
  #checkPin(state: SoftKeyState, secret: SoftSecret, pinHashEnc: Uint8Array): void {
    if (state.pinHash === null) {
      throw new SoftStatus(STATUS.pinNotSet);
    }
    if (state.pinRetries === 0) {
      throw new SoftStatus(STATUS.pinBlocked);
    }
    if (state.wrongInARow >= TRIES_IN_A_ROW) {
      throw new SoftStatus(STATUS.pinAuthBlocked);
    }
    state.pinRetries -= 1;
    if (unseal(secret, pinHashEnc, 16)?.toString("hex") !== state.pinHash) {
      state.wrongInARow += 1;
      this.#keyAgreement = newKeyAgreement();
      throw new SoftStatus(this.#statusAfterWrongPin(state));
    }
    Object.assign(state, ALL_TRIES);
  }

  /** 31 31 34 in a row, and 32 with the last try. Source: token/fido2/CTAP.md, "PIN retries". */
  #statusAfterWrongPin(state: SoftKeyState): number {
    if (state.pinRetries === 0) {
      return STATUS.pinBlocked;
    }
    return state.wrongInARow < TRIES_IN_A_ROW ? STATUS.pinInvalid : this.#profile.thirdWrongPinStatus;
  }

  #setPin(parameters: Parameters, state: SoftKeyState): Map<number, unknown> {
    const secret = this.#secret(parameters);
    const newPinEnc = parameters.bytes(0x05);
    const param = parameters.bytes(0x04);
    if (state.pinHash !== null || !authentic(secret.version, secret.macKey, newPinEnc, param)) {
      throw new SoftStatus(STATUS.pinAuthInvalid);
    }
    return this.#keepPin(state, secret, newPinEnc);
  }

  #changePin(parameters: Parameters, state: SoftKeyState): Map<number, unknown> {
    const secret = this.#secret(parameters);
    const newPinEnc = parameters.bytes(0x05);
    const pinHashEnc = parameters.bytes(0x06);
    const message = Buffer.concat([newPinEnc, pinHashEnc]);
    if (!authentic(secret.version, secret.macKey, message, parameters.bytes(0x04))) {
      throw new SoftStatus(STATUS.pinAuthInvalid);
    }
    this.#checkPin(state, secret, pinHashEnc);
    return this.#keepPin(state, secret, newPinEnc);
  }

  #keepPin(state: SoftKeyState, secret: SoftSecret, newPinEnc: Uint8Array): Map<number, unknown> {
    const padded = unseal(secret, newPinEnc, 64);
    if (padded === undefined) {
      throw new SoftStatus(STATUS.invalidParameter);
    }
    const end = padded.indexOf(0);
    const pin = padded.subarray(0, end);
    const { more, pinPolicy = () => true } = this.#profile;
    const isLong = [...pin.toString()].length >= Number(more.get(0x0d) ?? MIN_PIN_LENGTH);
    if (end < 0 || !isLong || !pinPolicy(pin.toString())) {
      throw new SoftStatus(STATUS.pinPolicyViolation);
    }
    const pinHash = softPinHash(pin);
    if (state.forcePinChange && pinHash === state.pinHash) {
      throw new SoftStatus(STATUS.pinPolicyViolation);
    }
    Object.assign(state, ALL_TRIES, { pinHash, forcePinChange: false });
    this.#token.drop();
    return new Map();
  }
}
