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

/** Commands of CTAP2. Source: CTAP.md, "getInfo" to "authenticatorSelection". */
const COMMAND = {
  makeCredential: 0x01,
  getAssertion: 0x02,
  getInfo: 0x04,
  clientPin: 0x06,
  getNextAssertion: 0x08,
  selection: 0x0b,
};

/** Subcommands of clientPIN. Source: CTAP.md, "clientPIN". */
const SUBCOMMAND = {
  getPinRetries: 0x01,
  getKeyAgreement: 0x02,
  getPinToken: 0x05,
  getPinUvAuthTokenUsingUvWithPermissions: 0x06,
  getUvRetries: 0x07,
  getPinUvAuthTokenUsingPinWithPermissions: 0x09,
};

type Command = keyof typeof COMMAND;

/** The command, and which part of clientPIN; none of the parameters, which hold what the PIN unlocks. */
function stepName(command: Command, parameters?: CborMap): string {
  if (command !== "clientPin") return command;
  const subcommand = Object.entries(SUBCOMMAND).find(([, number]) => number === parameters?.get(0x02));
  return subcommand?.[0] ?? command;
}

/** What a touched key says of an empty pinUvAuthParam. Source: CTAP.md, "authenticatorSelection". */
const SAYS_OF_PIN: readonly number[] = [
  CTAP_STATUS.pinInvalid,
  CTAP_STATUS.pinAuthInvalid,
  CTAP_STATUS.pinNotSet,
];

/** What a token may serve. Source: CTAP.md, "clientPIN". */
const PERMISSION = { makeCredential: 0x01, getAssertion: 0x02 };

type Permission = keyof typeof PERMISSION;

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
  /** What the token is to serve, and only that; undefined asks for the token of CTAP 2.0, good for anything. */
  readonly purpose: TokenPurpose | undefined;
}

/** The one thing a token serves. */
export interface TokenPurpose {
  readonly rpId: string;
  readonly permission: Permission;
}

export interface FingerprintTokenRequest {
  readonly protocol: number;
  readonly keyAgreement: CborMap;
  readonly purpose: TokenPurpose;
}

/**
 * What proves to a key that it has verified its user: a token's authentication of the request, or "built-in", which asks an
 * older fingerprint key to do it within the request.
 */
export type UserVerification =
  | { readonly protocol: number; readonly pinUvAuthParam: Uint8Array }
  | "built-in"
  | "none";

export interface GetAssertionRequest {
  readonly rpId: string;
  readonly clientDataHash: Uint8Array;
  readonly verification: UserVerification;
  /** False looks for a credential without a touch. */
  readonly touch: boolean;
}

/** A wait at the key: what it says meanwhile, and a signal that ends this request alone. */
export interface Wait {
  readonly onKeepalive: (status: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * The CTAP2 commands of a login, one function each; a status other than success is thrown as `CtapStatusError`.
 *
 * Deliberately absent: managing and resetting; allow lists (a login uses a discoverable credential); the `uv` option beside a
 * token, which keys refuse.
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
    const { protocol, keyAgreement, pinHashEnc, purpose } = request;
    const subcommand =
      purpose === undefined ? SUBCOMMAND.getPinToken : SUBCOMMAND.getPinUvAuthTokenUsingPinWithPermissions;
    const parameters = new Map<number, unknown>([
      [0x01, protocol],
      [0x02, subcommand],
      [0x03, keyAgreement],
      [0x06, pinHashEnc],
      ...(purpose === undefined ? [] : purposeMembers(purpose)),
    ]);
    const answer = await this.#clientPin(parameters, { spendsTry: true });
    return required(bytesAt(answer, 0x02));
  }

  /** The same by a finger. One that is not recognised costs a try. */
  async getFingerprintToken(request: FingerprintTokenRequest, wait: Wait): Promise<Uint8Array> {
    const { protocol, keyAgreement, purpose } = request;
    const parameters = new Map<number, unknown>([
      [0x01, protocol],
      [0x02, SUBCOMMAND.getPinUvAuthTokenUsingUvWithPermissions],
      [0x03, keyAgreement],
      ...purposeMembers(purpose),
    ]);
    const answer = await this.#clientPin(parameters, { ...wait, spendsTry: true });
    return required(bytesAt(answer, 0x02));
  }

  /** How many fingers may still be refused before the key wants its PIN. */
  async getFingerprintRetries(): Promise<number> {
    const answer = await this.#clientPin(new Map([[0x02, SUBCOMMAND.getUvRetries]]));
    return required(numberAt(answer, 0x05));
  }

  /** The newest matching assertion; further ones are fetched with `getNextAssertion`. */
  getAssertion(request: GetAssertionRequest, wait?: Wait): Promise<CborMap> {
    const { rpId, clientDataHash, verification, touch } = request;
    const parameters = new Map<number, unknown>([
      [0x01, rpId],
      [0x02, clientDataHash],
    ]);
    if (!touch) parameters.set(0x05, new Map([["up", false]]));
    if (verification === "built-in") {
      parameters.set(0x05, new Map([["uv", true]]));
    } else if (verification !== "none") {
      parameters.set(0x06, verification.pinUvAuthParam).set(0x07, verification.protocol);
    }
    const spendsTry = verification === "built-in";
    return this.#call("getAssertion", parameters, { ...wait, spendsTry });
  }

  /** Within 30 s of the one before, and with no other command between (CTAP.md, "getAssertion"). */
  getNextAssertion(): Promise<CborMap> {
    return this.#call("getNextAssertion");
  }

  /** Ends well when this key is touched. Source: CTAP.md, "authenticatorSelection". */
  async selection(wait: Wait): Promise<void> {
    await this.#call("selection", undefined, wait);
  }

  /**
   * The same on a key of CTAP 2.0: an empty pinUvAuthParam makes it wait for a touch and then say how it stands with the PIN.
   * Nothing is made. Source: CTAP.md, "authenticatorSelection".
   */
  async selectionByEmptyPin(wait: Wait): Promise<void> {
    const nobody = { id: Buffer.from([0]), name: "touch" };
    const parameters = new Map<number, unknown>([
      [0x01, Buffer.alloc(32)],
      [0x02, { id: "touch.invalid", name: "touch" }],
      [0x03, nobody],
      [0x04, [{ alg: -7, type: "public-key" }]],
      [0x08, new Uint8Array()],
      [0x09, 1],
    ]);
    try {
      await this.#call("makeCredential", parameters, wait);
    } catch (error) {
      if (!(error instanceof CtapStatusError) || !SAYS_OF_PIN.includes(error.status)) throw error;
    }
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

function purposeMembers({ rpId, permission }: TokenPurpose): [number, unknown][] {
  return [
    [0x09, PERMISSION[permission]],
    [0x0a, rpId],
  ];
}

function required<T>(value: T | undefined): T {
  if (value === undefined) {
    throw malformedAnswer();
  }
  return value;
}
