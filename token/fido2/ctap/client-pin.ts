import type { SendOptions } from "../hid/ctap-hid.ts";
import { booleanAt, bytesAt, type CborMap, mapAt, numberAt, required } from "./cbor.ts";

/** Subcommands of clientPIN. Source: CTAP.md, "clientPIN". */
const SUBCOMMAND = {
  getPinRetries: 0x01,
  getKeyAgreement: 0x02,
  setPin: 0x03,
  changePin: 0x04,
  getPinToken: 0x05,
  getPinUvAuthTokenUsingUvWithPermissions: 0x06,
  getUvRetries: 0x07,
  getPinUvAuthTokenUsingPinWithPermissions: 0x09,
};

type Subcommand = keyof typeof SUBCOMMAND;

/** What a token permits. Source: CTAP.md, "clientPIN". */
const PERMISSION = { makeCredential: 0x01, getAssertion: 0x02 };

/** The only use that a token is valid for. */
export interface TokenScope {
  readonly permission: keyof typeof PERMISSION;
  readonly rpId: string;
}

export interface PinRetries {
  /** Tries before the key blocks its PIN for good. */
  readonly left: number;
  /** The key accepts no PIN until it is plugged in again. */
  readonly powerCycleNeeded: boolean;
}

/** Our half of a key agreement, with its protocol. */
interface Agreed {
  readonly protocol: number;
  readonly keyAgreement: CborMap;
}

interface PinTokenRequest extends Agreed {
  readonly pinHashEnc: Uint8Array;
  /** Undefined asks for a token of CTAP 2.0, which is valid for anything. */
  readonly scope: TokenScope | undefined;
}

interface FingerprintTokenRequest extends Agreed {
  readonly scope: TokenScope;
}

/** A PIN to set, or to change to. */
interface NewPinRequest extends Agreed {
  readonly newPinEnc: Uint8Array;
  readonly pinUvAuthParam: Uint8Array;
}

/** A wrong PIN or finger costs one of few tries, so a message with one is never sent twice. */
const SPENDS_TRY = { spendsTry: true };

/** The subcommands of clientPIN, one function each. Tokens are returned as encrypted by the key. */
export class ClientPin {
  readonly #send: (parameters: CborMap, step: string, options?: SendOptions) => Promise<CborMap>;

  constructor(send: (parameters: CborMap, step: string, options?: SendOptions) => Promise<CborMap>) {
    this.#send = send;
  }

  /** CTAP 2.0 keys want the protocol here, too, and refuse to tell without it. Source: CTAP.md, "clientPIN". */
  async getPinRetries(protocol: number): Promise<PinRetries> {
    const answer = await this.#call("getPinRetries", [[0x01, protocol]]);
    return {
      left: required(numberAt(answer, 0x03)),
      powerCycleNeeded: booleanAt(answer, 0x04) ?? false,
    };
  }

  /** How many fingers may still be refused before the key requires its PIN. */
  async getFingerprintRetries(protocol: number): Promise<number> {
    return required(numberAt(await this.#call("getUvRetries", [[0x01, protocol]]), 0x05));
  }

  /** The key's half of the key agreement, as a COSE key. */
  async getKeyAgreement(protocol: number): Promise<CborMap> {
    return required(mapAt(await this.#call("getKeyAgreement", [[0x01, protocol]]), 0x01));
  }

  async getPinToken({ pinHashEnc, scope, ...agreed }: PinTokenRequest): Promise<Uint8Array> {
    const subcommand = scope === undefined ? "getPinToken" : "getPinUvAuthTokenUsingPinWithPermissions";
    const members = [...agreedMembers(agreed), [0x06, pinHashEnc] as const, ...scopeMembers(scope)];
    return required(bytesAt(await this.#call(subcommand, members, SPENDS_TRY), 0x02));
  }

  async getFingerprintToken(
    { scope, ...agreed }: FingerprintTokenRequest,
    wait: SendOptions,
  ): Promise<Uint8Array> {
    const members = [...agreedMembers(agreed), ...scopeMembers(scope)];
    const options = { ...wait, ...SPENDS_TRY };
    return required(
      bytesAt(await this.#call("getPinUvAuthTokenUsingUvWithPermissions", members, options), 0x02),
    );
  }

  /** Sets the first PIN of a key without one. */
  async setPin(request: NewPinRequest): Promise<void> {
    await this.#call("setPin", newPinMembers(request), SPENDS_TRY);
  }

  async changePin(request: NewPinRequest & { readonly pinHashEnc: Uint8Array }): Promise<void> {
    await this.#call("changePin", [...newPinMembers(request), [0x06, request.pinHashEnc]], SPENDS_TRY);
  }

  #call(subcommand: Subcommand, members: readonly Member[] = [], options?: SendOptions): Promise<CborMap> {
    return this.#send(new Map([[0x02, SUBCOMMAND[subcommand]], ...members]), subcommand, options);
  }
}

type Member = readonly [number, unknown];

function agreedMembers({ protocol, keyAgreement }: Agreed): Member[] {
  return [
    [0x01, protocol],
    [0x03, keyAgreement],
  ];
}

function scopeMembers(scope: TokenScope | undefined): Member[] {
  if (scope === undefined) return [];
  return [
    [0x09, PERMISSION[scope.permission]],
    [0x0a, scope.rpId],
  ];
}

function newPinMembers({ newPinEnc, pinUvAuthParam, ...agreed }: NewPinRequest): Member[] {
  return [...agreedMembers(agreed), [0x04, pinUvAuthParam], [0x05, newPinEnc]];
}
