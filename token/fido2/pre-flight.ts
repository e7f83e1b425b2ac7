import { debug } from "../debug.ts";
import { CTAP_STATUS, CtapStatusError } from "./ctap-status.ts";
import type { UserVerification } from "./ctap2-parameters.ts";
import type { FoundKey } from "./open-key.ts";

/** Nothing is signed for anybody: the key is asked what it has. */
export const NO_CLIENT_DATA = Buffer.alloc(32);

/**
 * Throws the status of a key that holds no credential of this relying party, before anybody is asked for a PIN or a touch;
 * true where it holds one for certain.
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
 * Whether a key holds a credential of a relying party, asked without a touch; before the PIN, or with what the PIN unlocked.
 *
 * Undefined where it does not tell: a key that knows credProtect keeps some credentials to itself until its user is
 * verified, and one with `alwaysUv` says nothing before. Source: CTAP.md, "getAssertion".
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
    debug(`security key: ${key.name} says of a credential for ${rpId}: ${error.message}`);
    const hides = verification === "none" && key.info.extensions.includes("credProtect");
    return error.status === CTAP_STATUS.noCredentials && !hides ? false : undefined;
  }
}
