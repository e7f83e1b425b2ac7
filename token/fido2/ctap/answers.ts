import { createHash } from "node:crypto";
import { decodeFirst, encode } from "cborg";
import { VouchError } from "../../errors/errors.ts";
import type { KeyAccount } from "../prompts.ts";
import {
  booleanAt,
  bytesAt,
  type CborMap,
  decodeAnswer,
  listAt,
  malformedAnswer,
  mapAt,
  numberAt,
  textAt,
} from "./cbor.ts";

/** The shortest PIN of a key that does not say, in code points. Source: CTAP.md, "getInfo". */
const DEFAULT_MIN_PIN_LENGTH = 4;

/** How often a user may try a finger if the key does not say. Source: CTAP.md, "getInfo". */
const DEFAULT_FINGER_ATTEMPTS = 3;
/** The longest message of a key that does not say, in bytes. Source: CTAP.md, "getInfo". */
const DEFAULT_MAX_MESSAGE = 1024;

/** Members of the getInfo answer. Source: CTAP.md, "getInfo". */
const INFO = {
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
  const options = [...(mapAt(answer, INFO.options) ?? [])];
  return {
    versions: textsAt(answer, INFO.versions),
    extensions: textsAt(answer, INFO.extensions),
    options: new Map(options.filter((option): option is [string, boolean] => isOption(option))),
    // A CTAP 2.0 key may omit the list; there was only one protocol then.
    pinUvAuthProtocols: listAt(answer, INFO.pinUvAuthProtocols)?.filter((n) => typeof n === "number") ?? [1],
    forcePinChange: booleanAt(answer, INFO.forcePinChange) ?? false,
    minPinLength: Math.max(DEFAULT_MIN_PIN_LENGTH, numberAt(answer, INFO.minPinLength) ?? 0),
    fingerAttempts: Math.max(1, numberAt(answer, INFO.uvAttempts) ?? DEFAULT_FINGER_ATTEMPTS),
    maxMessageSize: numberAt(answer, INFO.maxMsgSize) ?? DEFAULT_MAX_MESSAGE,
    maxCredentialsInList: Math.max(1, numberAt(answer, INFO.maxCredentialCountInList) ?? 1),
    maxCredentialIdLength: numberAt(answer, INFO.maxCredentialIdLength),
    firmwareVersion: numberAt(answer, INFO.firmwareVersion),
  };
}

function textsAt(answer: CborMap, member: number): string[] {
  return listAt(answer, member)?.filter((text) => typeof text === "string") ?? [];
}

function isOption([name, value]: readonly [unknown, unknown]): boolean {
  return typeof name === "string" && typeof value === "boolean";
}

/** Members of the getAssertion answer. Source: CTAP.md, "getAssertion". */
const ASSERTION = {
  credential: 0x01,
  authData: 0x02,
  signature: 0x03,
  user: 0x04,
  numberOfCredentials: 0x05,
};

/** One assertion as returned by a key. */
export interface KeyAssertion {
  readonly credentialId: Uint8Array;
  readonly authenticatorData: Uint8Array;
  /** As made by the key: DER for ES256. It is passed on unchanged. */
  readonly signature: Uint8Array;
  /** 16 bytes: the UUID of the user. */
  readonly userHandle: Uint8Array;
  readonly account: KeyAccount;
}

/** The total number of assertions, from the first answer. */
export function assertionCount(answer: CborMap): number {
  return numberAt(answer, ASSERTION.numberOfCredentials) ?? 1;
}

/**
 * Reads one assertion and checks what the server will check, so that the error comes early and is clear.
 *
 * The signature is not checked: only the server has the public key.
 */
export function readAssertion(answer: CborMap, rpId: string): KeyAssertion {
  const credentialId = bytesAt(mapAt(answer, ASSERTION.credential) ?? new Map(), "id");
  const authenticatorData = bytesAt(answer, ASSERTION.authData);
  const signature = bytesAt(answer, ASSERTION.signature);
  if (credentialId === undefined || authenticatorData === undefined || signature === undefined) {
    throw malformedAnswer();
  }
  checkAuthenticatorData(authenticatorData, rpId);

  const user = mapAt(answer, ASSERTION.user) ?? new Map();
  const userHandle = bytesAt(user, "id") ?? new Uint8Array();
  if (userHandle.length === 0) {
    throw new VouchError(
      "security-key-not-enrolled",
      `The credential for ${rpId} on the key does not contain a user: it is not a Vouch server's passkey.`,
    );
  }
  const account = { name: textAt(user, "name"), displayName: textAt(user, "displayName") };
  return { credentialId, authenticatorData, signature, userHandle, account };
}

/** What a key would have answered, from its parts. */
export function assertionAnswer(made: Omit<KeyAssertion, "account">): CborMap {
  return new Map<number, unknown>([
    [ASSERTION.credential, new Map([["id", made.credentialId]])],
    [ASSERTION.authData, made.authenticatorData],
    [ASSERTION.signature, made.signature],
    [ASSERTION.user, new Map([["id", made.userHandle]])],
  ]);
}

/** Members of the makeCredential answer. Source: CTAP.md, "makeCredential". */
const CREDENTIAL = { format: 0x01, authData: 0x02, statement: 0x03 };

/** Offsets of a credential in authenticator data, in bytes. Source: CTAP.md, "Authenticator data". */
const ID_LENGTH_AT = 53;
const ID_AT = 55;

/** A credential that a key has just made. */
export interface AttestedCredential {
  readonly credentialId: Uint8Array;
  /** A COSE key, the exact bytes from the key. */
  readonly publicKey: Uint8Array;
  /** WebAuthn's attestation object, with the manufacturer's signature. */
  readonly attestationObject: Uint8Array;
}

/**
 * Reads a key's answer, checks what the server will check, and returns it under WebAuthn's names. The manufacturer's signature is
 * left to the server to check.
 */
export function readCredential(answer: CborMap, rpId: string): AttestedCredential {
  const format = textAt(answer, CREDENTIAL.format);
  const authData = bytesAt(answer, CREDENTIAL.authData);
  const statement = mapAt(answer, CREDENTIAL.statement);
  if (format === undefined || authData === undefined || statement === undefined) {
    throw malformedAnswer();
  }
  if (!checkAuthenticatorData(authData, rpId).isAttested) throw malformedAnswer();
  const attestation = new Map<string, unknown>([
    ["fmt", format],
    ["attStmt", statement],
    ["authData", authData],
  ]);
  return { ...credentialIn(Buffer.from(authData)), attestationObject: encode(attestation) };
}

/** Reads WebAuthn's attestation object as if the key had answered it. */
export function readAttestationObject(bytes: Uint8Array, rpId: string): AttestedCredential {
  const object = decodeAnswer(bytes);
  const answer = new Map([
    [CREDENTIAL.format, object.get("fmt")],
    [CREDENTIAL.authData, object.get("authData")],
    [CREDENTIAL.statement, object.get("attStmt")],
  ]);
  return readCredential(answer, rpId);
}

function credentialIn(data: Buffer): Pick<AttestedCredential, "credentialId" | "publicKey"> {
  if (data.length < ID_AT) throw malformedAnswer();
  const keyAt = ID_AT + data.readUInt16BE(ID_LENGTH_AT);
  const credentialId = data.subarray(ID_AT, keyAt);
  const rest = data.subarray(keyAt);
  if (credentialId.length === 0 || rest.length === 0) {
    throw malformedAnswer();
  }
  return { credentialId, publicKey: rest.subarray(0, rest.length - behindFirst(rest).length) };
}

/** What follows the first item: extensions, if the key reports any. */
function behindFirst(bytes: Uint8Array): Uint8Array {
  try {
    return decodeFirst(bytes, { useMaps: true })[1];
  } catch (error) {
    throw malformedAnswer(error);
  }
}

/**
 * The offset of the flags in authenticator data, its minimum length in bytes, and the flags. Source: CTAP.md, "Authenticator
 * data".
 */
const FLAGS_AT = 32;
const MIN_AUTH_DATA = 37;
const FLAG_USER_PRESENT = 0x01;
const FLAG_USER_VERIFIED = 0x04;
const FLAG_ATTESTED = 0x40;

/**
 * Checks what the server will check, so that the error comes early and is clear: the data is for this relying party, the key was
 * touched, and its user was verified. Tells whether it contains a new credential.
 */
function checkAuthenticatorData(data: Uint8Array, rpId: string): { readonly isAttested: boolean } {
  if (data.length < MIN_AUTH_DATA) {
    throw malformedAnswer();
  }
  const rpIdHash = createHash("sha256").update(rpId).digest();
  if (!rpIdHash.equals(data.subarray(0, FLAGS_AT))) {
    throw new VouchError(
      "security-key-failed",
      `The security key responded for a server other than ${rpId}.`,
    );
  }
  const flags = data[FLAGS_AT] ?? 0;
  if (!(flags & FLAG_USER_PRESENT)) {
    throw new VouchError("security-key-failed", "The security key responded without a touch.");
  }
  if (!(flags & FLAG_USER_VERIFIED)) {
    throw new VouchError("security-key-failed", "The security key responded without verifying its user.");
  }
  return { isAttested: (flags & FLAG_ATTESTED) !== 0 };
}
