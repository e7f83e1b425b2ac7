import { createHash } from "node:crypto";
import { VouchError } from "../errors/errors.ts";
import { malformedAnswer } from "./ctap-cbor.ts";

/**
 * Where the flags are in authenticator data, its least length in bytes, and the flags.
 * Source: CTAP.md, "Authenticator data".
 */
const FLAGS_AT = 32;
const MIN_AUTH_DATA = 37;
const FLAG_USER_PRESENT = 0x01;
const FLAG_USER_VERIFIED = 0x04;
const FLAG_ATTESTED = 0x40;

/**
 * Checks what the server will check, so that the error is early and plain: for this relying party, touched, and its user
 * verified. Gives whether a new credential is in it.
 */
export function checkAuthenticatorData(data: Uint8Array, rpId: string): { readonly isAttested: boolean } {
  if (data.length < MIN_AUTH_DATA) {
    throw malformedAnswer();
  }
  const rpIdHash = createHash("sha256").update(rpId).digest();
  if (!rpIdHash.equals(data.subarray(0, FLAGS_AT))) {
    throw new VouchError("security-key-failed", `The security key answered for another server than ${rpId}.`);
  }
  const flags = data[FLAGS_AT] ?? 0;
  if (!(flags & FLAG_USER_PRESENT)) {
    throw new VouchError("security-key-failed", "The security key answered without a touch.");
  }
  if (!(flags & FLAG_USER_VERIFIED)) {
    throw new VouchError(
      "security-key-failed",
      "The security key answered without having verified its user.",
    );
  }
  return { isAttested: (flags & FLAG_ATTESTED) !== 0 };
}
