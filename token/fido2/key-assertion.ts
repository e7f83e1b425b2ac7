import { VouchError } from "../errors/errors.ts";
import type { KeyAccount } from "./assertion-prompts.ts";
import { checkAuthenticatorData } from "./authenticator-data.ts";
import { bytesAt, type CborMap, malformedAnswer, mapAt, numberAt, textAt } from "./ctap-cbor.ts";

/** Members of the getAssertion answer. Source: CTAP.md, "getAssertion". */
const MEMBER = { credential: 0x01, authData: 0x02, signature: 0x03, user: 0x04, numberOfCredentials: 0x05 };

/** One assertion as returned by a key. */
export interface KeyAssertion {
  readonly credentialId: Uint8Array;
  readonly authenticatorData: Uint8Array;
  /** As made by the key: DER for ES256. It is passed on unchanged. */
  readonly signature: Uint8Array;
  readonly userHandle: Uint8Array;
  readonly account: KeyAccount;
}

/** The total number of assertions, from the first answer. */
export function assertionCount(answer: CborMap): number {
  return numberAt(answer, MEMBER.numberOfCredentials) ?? 1;
}

/**
 * Reads one assertion and checks what the server will check, so that the error comes early and is clear.
 *
 * The signature is not checked: only the server has the public key.
 */
export function readAssertion(answer: CborMap, rpId: string): KeyAssertion {
  const credentialId = bytesAt(mapAt(answer, MEMBER.credential) ?? new Map(), "id");
  const authenticatorData = bytesAt(answer, MEMBER.authData);
  const signature = bytesAt(answer, MEMBER.signature);
  if (credentialId === undefined || authenticatorData === undefined || signature === undefined) {
    throw malformedAnswer();
  }
  checkAuthenticatorData(authenticatorData, rpId);

  const user = mapAt(answer, MEMBER.user) ?? new Map();
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
