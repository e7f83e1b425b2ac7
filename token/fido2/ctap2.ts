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

/** Commands of CTAP2. Source: CTAP.md, "getInfo", "clientPIN" and "getAssertion". */
const COMMAND = { getAssertion: 0x02, getInfo: 0x04, clientPin: 0x06, getNextAssertion: 0x08 };

/** Subcommands of clientPIN. Source: CTAP.md, "clientPIN". */
const SUBCOMMAND = {
  getPinRetries: 0x01,
  getKeyAgreement: 0x02,
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

/** Permission to get assertions. Source: CTAP.md, "clientPIN". */
const PERMISSION_GET_ASSERTION = 0x02;

export interface PinRetries {
  /** Tries before the key blocks its PIN for good. */
  readonly left: number;
  /** The key takes no PIN before it is plugged in again. */
  readonly powerCycleNeeded: boolean;
}

export interface PinTokenRequest {
  readonly protocol: number;
  /** Our half of the key agreement. */
  readonly keyAgreement: CborMap;
  readonly pinHashEnc: Uint8Array;
  /** The token is to serve this relying party only; undefined asks for the token of CTAP 2.0, good for anything. */
  readonly rpId: string | undefined;
}

export interface GetAssertionRequest {
  readonly rpId: string;
  readonly clientDataHash: Uint8Array;
  readonly pinUvAuthParam: Uint8Array;
  readonly protocol: number;
}

/**
 * The CTAP2 commands of a login, one function each; a status other than success is thrown as `CtapStatusError`.
 *
 * Deliberately absent: registering, managing and resetting; allow lists (a login uses a discoverable credential); the
 * `uv` and `up` options, because keys refuse the first beside a PIN and do the second by themselves.
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
    const { protocol, keyAgreement, pinHashEnc, rpId } = request;
    const subcommand =
      rpId === undefined ? SUBCOMMAND.getPinToken : SUBCOMMAND.getPinUvAuthTokenUsingPinWithPermissions;
    const parameters = new Map<number, unknown>([
      [0x01, protocol],
      [0x02, subcommand],
      [0x03, keyAgreement],
      [0x06, pinHashEnc],
    ]);
    if (rpId !== undefined) {
      parameters.set(0x09, PERMISSION_GET_ASSERTION).set(0x0a, rpId);
    }
    const answer = await this.#clientPin(parameters, { carriesPin: true });
    return required(bytesAt(answer, 0x02));
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
