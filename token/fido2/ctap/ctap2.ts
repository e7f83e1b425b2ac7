import { debugged } from "../../debug.ts";
import type { CtapHid, SendOptions } from "../hid/ctap-hid.ts";
import { HID_COMMAND } from "../hid/hid-frames.ts";
import { type KeyInfo, keyInfo } from "./answers.ts";
import { type CborMap, decodeAnswer, encodeParameters, required } from "./cbor.ts";
import { ClientPin } from "./client-pin.ts";
import { CTAP_STATUS, CtapStatusError } from "./status.ts";

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

/** ES256, the only algorithm of a Vouch server, as its COSE number. Source: CTAP.md, "CBOR and COSE". */
const ES256 = { alg: -7, type: "public-key" };

/**
 * How the key knows that its user has been verified: by a token that authenticates the request, or "built-in", which asks an
 * older fingerprint key to verify within the request; "none" is enough to ask what it holds.
 */
export type UserVerification =
  | { readonly protocol: number; readonly pinUvAuthParam: Uint8Array }
  | "built-in"
  | "none";

interface GetAssertionRequest {
  readonly rpId: string;
  readonly clientDataHash: Uint8Array;
  /** IDs of credentials to look for; if absent, all discoverable ones. */
  readonly allowIds?: readonly Uint8Array[];
  readonly verification: UserVerification;
  /** False looks for a credential without a touch. */
  readonly touch: boolean;
}

interface MakeCredentialRequest {
  readonly clientDataHash: Uint8Array;
  readonly rp: { readonly id: string; readonly name: string };
  readonly user: { readonly id: Uint8Array; readonly name: string };
  /** IDs of credentials that must not exist on the key. */
  readonly excludeIds: readonly Uint8Array[];
  readonly verification: UserVerification;
}

/** Empty lists and options with their default value are not sent. Source: CTAP.md, "getAssertion". */
function assertionParameters(request: GetAssertionRequest): CborMap {
  const { rpId, clientDataHash, allowIds = [], verification, touch } = request;
  const options = { ...(touch ? {} : { up: false }), ...uvOption(verification) };
  return new Map<number, unknown>([
    [0x01, rpId],
    [0x02, clientDataHash],
    ...(allowIds.length === 0 ? [] : [[0x03, allowIds.map(descriptor)] as const]),
    ...(Object.keys(options).length === 0 ? [] : [[0x05, options] as const]),
    ...proofMembers(verification, [0x06, 0x07]),
  ]);
}

/** A discoverable credential; an empty list is not sent. Source: CTAP.md, "makeCredential". */
function credentialParameters(request: MakeCredentialRequest): CborMap {
  const { clientDataHash, rp, user, excludeIds, verification } = request;
  return new Map<number, unknown>([
    [0x01, clientDataHash],
    [0x02, { id: rp.id, name: rp.name }],
    [0x03, { id: user.id, name: user.name, displayName: user.name }],
    [0x04, [ES256]],
    ...(excludeIds.length === 0 ? [] : [[0x05, excludeIds.map(descriptor)] as const]),
    [0x07, { rk: true, ...uvOption(verification) }],
    ...proofMembers(verification, [0x08, 0x09]),
  ]);
}

/** A makeCredential that creates nothing. Source: CTAP.md, "authenticatorSelection". */
const EMPTY_PIN_PARAMETERS: CborMap = new Map<number, unknown>([
  [0x01, Buffer.alloc(32)],
  [0x02, { id: "touch.invalid", name: "touch" }],
  [0x03, { id: Buffer.from([0]), name: "touch", displayName: "touch" }],
  [0x04, [ES256]],
  ...proofMembers({ protocol: 1, pinUvAuthParam: new Uint8Array() }, [0x08, 0x09]),
]);

function uvOption(verification: UserVerification): { readonly uv?: true } {
  return verification === "built-in" ? { uv: true } : {};
}

/** `members` are the map keys of the proof and of its protocol. */
function proofMembers(
  verification: UserVerification,
  [param, protocol]: readonly [number, number],
): (readonly [number, unknown])[] {
  if (typeof verification === "string") return [];
  return [
    [param, verification.pinUvAuthParam],
    [protocol, verification.protocol],
  ];
}

function descriptor(id: Uint8Array): { readonly id: Uint8Array; readonly type: string } {
  return { id, type: "public-key" };
}
