import { debugged } from "../debug.ts";
import { ClientPin } from "./client-pin.ts";
import { type CborMap, decodeAnswer, encodeParameters, required } from "./ctap-cbor.ts";
import type { CtapHid, SendOptions } from "./ctap-hid.ts";
import { CTAP_STATUS, CtapStatusError } from "./ctap-status.ts";
import {
  assertionParameters,
  credentialParameters,
  EMPTY_PIN_PARAMETERS,
  type GetAssertionRequest,
  type MakeCredentialRequest,
} from "./ctap2-parameters.ts";
import { HID_COMMAND } from "./hid-frames.ts";
import { type KeyInfo, keyInfo } from "./key-info.ts";

/** Commands of CTAP2. Source: CTAP.md, "getInfo" to "makeCredential". */
const COMMAND = {
  makeCredential: 0x01,
  getAssertion: 0x02,
  getInfo: 0x04,
  clientPin: 0x06,
  getNextAssertion: 0x08,
  selection: 0x0b,
};

type Command = keyof typeof COMMAND;

/** Statuses with which a key answers an empty pinUvAuthParam once touched. Source: CTAP.md, "authenticatorSelection". */
const SAYS_OF_PIN: readonly number[] = [
  CTAP_STATUS.pinInvalid,
  CTAP_STATUS.pinAuthInvalid,
  CTAP_STATUS.pinNotSet,
];

/** A wait at the key: a callback for its keepalives, and a signal that ends only this request. */
export type Wait = Pick<SendOptions, "onKeepalive" | "signal">;

/**
 * The CTAP2 commands of a login and of a registration, one function each; a status other than success is thrown as
 * `CtapStatusError`.
 *
 * Deliberately absent: managing credentials, and resetting.
 */
export class Ctap2 {
  readonly #hid: CtapHid;
  /** The commands for the PIN and its token. */
  readonly clientPin: ClientPin;

  constructor(hid: CtapHid) {
    this.#hid = hid;
    this.clientPin = new ClientPin((parameters, step, options) =>
      this.#call("clientPin", parameters, { ...options, step }),
    );
  }

  async getInfo(): Promise<KeyInfo> {
    return keyInfo(await this.#call("getInfo"));
  }

  /** A new discoverable credential: format, authenticator data and attestation statement. */
  makeCredential(request: MakeCredentialRequest, wait: Wait): Promise<CborMap> {
    const spendsTry = request.verification === "built-in";
    return this.#call("makeCredential", credentialParameters(request), { ...wait, spendsTry });
  }

  /** The newest matching assertion; fetch further ones with `getNextAssertion`. */
  getAssertion(request: GetAssertionRequest, wait?: Wait): Promise<CborMap> {
    const spendsTry = request.verification === "built-in";
    return this.#call("getAssertion", assertionParameters(request), { ...wait, spendsTry });
  }

  /** Must be called within 30 s of the previous one, with no other command in between (CTAP.md, "getAssertion"). */
  getNextAssertion(): Promise<CborMap> {
    return this.#call("getNextAssertion");
  }

  /** Resolves when this key is touched. Source: CTAP.md, "authenticatorSelection". */
  async selection(wait: Wait): Promise<void> {
    await this.#call("selection", undefined, wait);
  }

  /** Waits for a touch of a CTAP 2.0 key. Nothing is created. Source: CTAP.md, "authenticatorSelection". */
  async selectionByEmptyPin(wait: Wait): Promise<void> {
    try {
      await this.#call("makeCredential", EMPTY_PIN_PARAMETERS, wait);
    } catch (error) {
      if (!(error instanceof CtapStatusError) || !SAYS_OF_PIN.includes(error.status)) throw error;
    }
  }

  /** Debug lines name only the command and the step of clientPIN, and no parameters, since these hold what the PIN unlocks. */
  #call(
    command: Command,
    parameters?: CborMap,
    options: SendOptions & { step?: string } = {},
  ): Promise<CborMap> {
    return debugged(
      `security key: ${options.step ?? command}`,
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
