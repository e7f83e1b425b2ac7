import { createHash } from "node:crypto";
import { VouchError } from "../errors/errors.ts";
import { malformedAnswer } from "./ctap-cbor.ts";

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
export function checkAuthenticatorData(data: Uint8Array, rpId: string): { readonly isAttested: boolean } {
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
