import { booleanAt, type CborMap, listAt, mapAt, numberAt } from "./ctap-cbor.ts";

/** The shortest PIN of a key that does not say, in code points. Source: CTAP.md, "getInfo". */
const DEFAULT_MIN_PIN_LENGTH = 4;

/** How often a user may try a finger if the key does not say. Source: CTAP.md, "getInfo". */
const DEFAULT_FINGER_ATTEMPTS = 3;
/** The longest message of a key that does not say, in bytes. Source: CTAP.md, "getInfo". */
const DEFAULT_MAX_MESSAGE = 1024;

/** Members of the getInfo answer. Source: CTAP.md, "getInfo". */
const MEMBER = {
  versions: 0x01,
  extensions: 0x02,
  options: 0x04,
  maxMsgSize: 0x05,
  pinUvAuthProtocols: 0x06,
  maxCredentialCountInList: 0x07,
  maxCredentialIdLength: 0x08,
  forcePinChange: 0x0c,
  minPinLength: 0x0d,
  uvAttempts: 0x11,
  firmwareVersion: 0x0e,
};

/** What we need to know about a key. The many other members of getInfo are deliberately ignored. */
export interface KeyInfo {
  readonly versions: readonly string[];
  readonly extensions: readonly string[];
  /** Absent, false and true mean three different things: see CTAP.md, "getInfo". */
  readonly options: ReadonlyMap<string, boolean>;
  /** In the key's order of preference. */
  readonly pinUvAuthProtocols: readonly number[];
  readonly forcePinChange: boolean;
  /** In code points. */
  readonly minPinLength: number;
  /** How many wrong fingers in a row a user may try before the PIN is asked for. */
  readonly fingerAttempts: number;
  /** The longest message that the key accepts, in bytes. */
  readonly maxMessageSize: number;
  /** How many credentials a list may name; 1 if the key does not say. */
  readonly maxCredentialsInList: number;
  /** The longest credential id of the key, in bytes; undefined if it does not say. */
  readonly maxCredentialIdLength: number | undefined;
  /** The manufacturer's number; undefined if the key does not say. */
  readonly firmwareVersion: number | undefined;
}

/** Reads an answer to getInfo; unknown parts are ignored. */
export function keyInfo(answer: CborMap): KeyInfo {
  const options = [...(mapAt(answer, MEMBER.options) ?? [])];
  return {
    versions: textsAt(answer, MEMBER.versions),
    extensions: textsAt(answer, MEMBER.extensions),
    options: new Map(options.filter((option): option is [string, boolean] => isOption(option))),
    // A CTAP 2.0 key may omit the list; there was only one protocol then.
    pinUvAuthProtocols: listAt(answer, MEMBER.pinUvAuthProtocols)?.filter((n) => typeof n === "number") ?? [
      1,
    ],
    forcePinChange: booleanAt(answer, MEMBER.forcePinChange) ?? false,
    minPinLength: Math.max(DEFAULT_MIN_PIN_LENGTH, numberAt(answer, MEMBER.minPinLength) ?? 0),
    fingerAttempts: Math.max(1, numberAt(answer, MEMBER.uvAttempts) ?? DEFAULT_FINGER_ATTEMPTS),
    maxMessageSize: numberAt(answer, MEMBER.maxMsgSize) ?? DEFAULT_MAX_MESSAGE,
    maxCredentialsInList: Math.max(1, numberAt(answer, MEMBER.maxCredentialCountInList) ?? 1),
    maxCredentialIdLength: numberAt(answer, MEMBER.maxCredentialIdLength),
    firmwareVersion: numberAt(answer, MEMBER.firmwareVersion),
  };
}

function textsAt(answer: CborMap, member: number): string[] {
  return listAt(answer, member)?.filter((text) => typeof text === "string") ?? [];
}

function isOption([name, value]: readonly [unknown, unknown]): boolean {
  return typeof name === "string" && typeof value === "boolean";
}
