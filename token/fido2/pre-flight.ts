import { debug } from "../debug.ts";
import { CTAP_STATUS, CtapStatusError } from "./ctap-status.ts";
import type { UserVerification } from "./ctap2-parameters.ts";
import type { FoundKey } from "./open-key.ts";

/** Client data hash for requests that only ask what the key has; no signature is used. */
export const NO_CLIENT_DATA = Buffer.alloc(32);

/**
 * Throws the status of a key that holds no credential of this relying party, before a user is asked for a PIN or a touch;
 * returns true if it certainly holds one.
 */
export async function requireCredential(
  key: FoundKey,
  rpId: string,
  verification: UserVerification,
): Promise<boolean> {
  const holds = await holdsCredential(key, rpId, verification);
  if (holds === false) throw new CtapStatusError(CTAP_STATUS.noCredentials);
  return holds === true;
}

/**
 * Whether a key holds a credential of a relying party, asked without a touch, either before the PIN or with its token.
 *
 * Undefined if the key does not tell: a key with credProtect hides some credentials until its user is verified, and one with
 * `alwaysUv` reveals nothing before that. Source: CTAP.md, "getAssertion".
 */
export async function holdsCredential(
  key: FoundKey,
  rpId: string,
  verification: UserVerification,
  allowIds: readonly Uint8Array[] = [],
): Promise<boolean | undefined> {
  try {
    const request = { rpId, clientDataHash: NO_CLIENT_DATA, verification, allowIds, touch: false };
    await key.ctap.getAssertion(request);
    return true;
  } catch (error) {
    if (!(error instanceof CtapStatusError)) throw error;
    debug(`security key: ${key.name} reports for a ${rpId} credential: ${error.message}`);
    const hides = verification === "none" && key.info.extensions.includes("credProtect");
    return error.status === CTAP_STATUS.noCredentials && !hides ? false : undefined;
  }
}
