import { debugged } from "../debug.ts";
import {
  booleanAt,
  bytesAt,
  type CborMap,
  decodeAnswer,
  encodeParameters,
  malformedAnswer,
  mapAt,
  numberAt,
} from "./ctap-cbor.ts";
import type { CtapHid, SendOptions } from "./ctap-hid.ts";
import { CTAP_STATUS, CtapStatusError } from "./ctap-status.ts";
import { HID_COMMAND } from "./hid-frames.ts";
import { type KeyInfo, keyInfo } from "./key-info.ts";
import {
  credentialParameters,
  type MakeCredentialRequest,
  type NewPinRequest,
  newPinParameters,
  silentAssertionParameters,
} from "./registration-parameters.ts";

/** Commands of CTAP2. Source: CTAP.md, "getInfo", "clientPIN", "getAssertion" and "makeCredential". */
const COMMAND = {
  makeCredential: 0x01,
  getAssertion: 0x02,
  getInfo: 0x04,
  clientPin: 0x06,
  getNextAssertion: 0x08,
};

/** Subcommands of clientPIN. Source: CTAP.md, "clientPIN". */
const SUBCOMMAND = {
  getPinRetries: 0x01,
  getKeyAgreement: 0x02,
  setPin: 0x03,
  changePin: 0x04,
  getPinToken: 0x05,
  getPinUvAuthTokenUsingPinWithPermissions: 0x09,
};

type Command = keyof typeof COMMAND;

/** The command, and which part of clientPIN; none of the parameters, which hold what the PIN unlocks. */
function stepName(command: Command, parameters?: CborMap): string {
  if (command !== "clientPin") return command;
  const subcommand = Object.entries(SUBCOMMAND).find(([, number]) => number === parameters?.get(0x02));
  return subcommand?.[0] ?? command;
}

/** What a token allows. Source: CTAP.md, "clientPIN". */
const PERMISSION = { makeCredential: 0x01, getAssertion: 0x02 } as const;
export type Permission = keyof typeof PERMISSION;

export interface PinRetries {
  /** Tries before the key blocks its PIN for good. */
  readonly left: number;
  /** The key takes no PIN before it is plugged in again. */
  readonly powerCycleNeeded: boolean;
}

/** What a token is good for. */
export interface PinTokenScope {
  readonly permission: Permission;
  readonly rpId: string;
}

export interface PinTokenRequest {
  readonly protocol: number;
  /** Our half of the key agreement. */
  readonly keyAgreement: CborMap;
  readonly pinHashEnc: Uint8Array;
  /** Undefined asks for the token of CTAP 2.0, good for anything. */
  readonly scope: PinTokenScope | undefined;
}

export interface GetAssertionRequest {
  readonly rpId: string;
  readonly clientDataHash: Uint8Array;
  readonly pinUvAuthParam: Uint8Array;
  readonly protocol: number;
}

/**
 * The CTAP2 commands of a login and of a registration, one function each; a status other than success is thrown as
 * `CtapStatusError`.
 *
 * Deliberately absent: managing and resetting; allow lists in a login, which uses a discoverable credential; the `uv`
 * option, because keys refuse it beside a PIN.
 */
export class Ctap2 {
  readonly #hid: CtapHid;

  constructor(hid: CtapHid) {
    this.#hid = hid;
  }

  async getInfo(): Promise<KeyInfo> {
    return keyInfo(await this.#call("getInfo"));
  }

  async getPinRetries(): Promise<PinRetries> {
    const answer = await this.#clientPin(new Map([[0x02, SUBCOMMAND.getPinRetries]]));
    return {
      left: required(numberAt(answer, 0x03)),
      powerCycleNeeded: booleanAt(answer, 0x04) ?? false,
    };
  }

  /** The key's half of the key agreement, as a COSE key. */
  async getKeyAgreement(protocol: number): Promise<CborMap> {
    const answer = await this.#clientPin(
      new Map([
        [0x01, protocol],
        [0x02, SUBCOMMAND.getKeyAgreement],
      ]),
    );
    return required(mapAt(answer, 0x01));
  }

  /** The token, still encrypted. Costs a try when the PIN is wrong, so it is never sent twice. */
  async getPinToken(request: PinTokenRequest): Promise<Uint8Array> {
    const { protocol, keyAgreement, pinHashEnc, scope } = request;
    const subcommand =
      scope === undefined ? SUBCOMMAND.getPinToken : SUBCOMMAND.getPinUvAuthTokenUsingPinWithPermissions;
    const parameters = new Map<number, unknown>([
      [0x01, protocol],
      [0x02, subcommand],
      [0x03, keyAgreement],
      [0x06, pinHashEnc],
    ]);
    if (scope !== undefined) {
      parameters.set(0x09, PERMISSION[scope.permission]).set(0x0a, scope.rpId);
    }
    const answer = await this.#clientPin(parameters, { carriesPin: true });
    return required(bytesAt(answer, 0x02));
  }

  /** Gives a key without a PIN its first one. */
  async setPin(request: NewPinRequest): Promise<void> {
    await this.#clientPin(newPinParameters(SUBCOMMAND.setPin, request), { carriesPin: true });
  }

  /** Costs a try when the old PIN is wrong, so it is never sent twice. */
  async changePin(request: NewPinRequest & { readonly pinHashEnc: Uint8Array }): Promise<void> {
    const parameters = newPinParameters(SUBCOMMAND.changePin, request).set(0x06, request.pinHashEnc);
    await this.#clientPin(parameters, { carriesPin: true });
  }

  /** A new discoverable credential: format, authenticator data and attestation statement. */
  makeCredential(request: MakeCredentialRequest, onKeepalive: (status: number) => void): Promise<CborMap> {
    return this.#call("makeCredential", credentialParameters(request), { onKeepalive });
  }

  /** Whether the key holds one of these credentials; it does not blink. */
  async holdsOneOf(rpId: string, ids: readonly Uint8Array[]): Promise<boolean> {
    try {
      await this.#call("getAssertion", silentAssertionParameters(rpId, ids));
      return true;
    } catch (error) {
      if (error instanceof CtapStatusError && error.status === CTAP_STATUS.noCredentials) {
        return false;
      }
      throw error;
    }
  }

  /** The newest matching assertion; further ones are fetched with `getNextAssertion`. */
  getAssertion(request: GetAssertionRequest, onKeepalive: (status: number) => void): Promise<CborMap> {
    const parameters = new Map<number, unknown>([
      [0x01, request.rpId],
      [0x02, request.clientDataHash],
      [0x06, request.pinUvAuthParam],
      [0x07, request.protocol],
    ]);
    return this.#call("getAssertion", parameters, { onKeepalive });
  }

  /** Within 30 s of the one before, and with no other command between (CTAP.md, "getAssertion"). */
  getNextAssertion(): Promise<CborMap> {
    return this.#call("getNextAssertion");
  }

  #clientPin(parameters: CborMap, options?: SendOptions): Promise<CborMap> {
    return this.#call("clientPin", parameters, options);
  }

  #call(command: Command, parameters?: CborMap, options?: SendOptions): Promise<CborMap> {
    return debugged(
      `security key: ${stepName(command, parameters)}`,
      () => this.#send(COMMAND[command], parameters, options),
      () => "ok",
    );
  }

  async #send(command: number, parameters?: CborMap, options?: SendOptions): Promise<CborMap> {
    const body = parameters === undefined ? new Uint8Array() : encodeParameters(parameters);
    const payload = Buffer.concat([Buffer.from([command]), body]);
    const answer = await this.#hid.send({ command: HID_COMMAND.cbor, payload }, options);
    const status = required(answer[0]);
    if (status !== CTAP_STATUS.ok) {
      throw new CtapStatusError(status);
    }
    return decodeAnswer(answer.subarray(1));
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) {
    throw malformedAnswer();
  }
  return value;
}
