import { type Parameters, SoftStatus, STATUS } from "./soft-cbor.ts";
import type { SoftKeyProfile } from "./soft-key-profiles.ts";
import type { TokenGrant } from "./soft-token.ts";

/** Permission bits. Source: token/fido2/CTAP.md, "clientPIN". */
export const PERMISSION = { makeCredential: 0x01, getAssertion: 0x02 } as const;
const BOTH = PERMISSION.makeCredential | PERMISSION.getAssertion;

/** The permissions that need an option of the key, for each way of proving oneself. */
const NEEDS = [
  { bit: 0x04, pin: "credMgmt", finger: "credMgmt" },
  { bit: 0x08, pin: "bioEnroll", finger: "uvBioEnroll" },
  { bit: 0x10, pin: "largeBlobs", finger: "largeBlobs" },
  { bit: 0x20, pin: "authnrCfg", finger: "uvAcfg" },
] as const;

/** What the token of CTAP 2.0 is good for: everything, and it binds itself to the first relying party it serves. */
export function oldGrant(parameters: Parameters): Omit<TokenGrant, "version"> {
  if (parameters.has(0x09) || parameters.has(0x0a)) {
    throw new SoftStatus(STATUS.invalidParameter);
  }
  return { permissions: BOTH, rpId: undefined, touched: false };
}

/** What is asked for with permissions. Source: token/fido2/CTAP.md, "clientPIN". */
export function grantAsked(
  parameters: Parameters,
  { options }: SoftKeyProfile,
  by: "pin" | "finger",
): Omit<TokenGrant, "version"> {
  const permissions = parameters.number(0x09);
  if (permissions === 0) {
    throw new SoftStatus(STATUS.invalidParameter);
  }
  const plain = by === "pin" && options["noMcGaPermissionsWithClientPin"] === true ? 0 : BOTH;
  const given = NEEDS.filter((need) => options[need[by]] === true).map(({ bit }) => bit);
  if (permissions & ~given.reduce((all, bit) => all | bit, plain)) {
    throw new SoftStatus(STATUS.unauthorizedPermission);
  }
  const rpId = permissions & BOTH || parameters.has(0x0a) ? parameters.text(0x0a) : undefined;
  return { permissions, rpId, touched: by === "finger" };
}
