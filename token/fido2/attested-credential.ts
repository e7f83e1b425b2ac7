import { decodeFirst, encode } from "cborg";
import { checkAuthenticatorData } from "./authenticator-data.ts";
import { bytesAt, type CborMap, malformedAnswer, mapAt, textAt } from "./ctap-cbor.ts";

/** Members of the makeCredential answer. Source: CTAP.md, "makeCredential". */
const MEMBER = { format: 0x01, authData: 0x02, statement: 0x03 };

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
  const format = textAt(answer, MEMBER.format);
  const authData = bytesAt(answer, MEMBER.authData);
  const statement = mapAt(answer, MEMBER.statement);
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
