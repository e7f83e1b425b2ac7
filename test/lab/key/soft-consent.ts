import { createHash } from "node:crypto";
import { type Parameters, SoftStatus, STATUS } from "./soft-cbor.ts";
import type { SoftKeyProfile } from "./soft-key-profiles.ts";
import type { SoftKeyState } from "./soft-key-state.ts";
import type { SoftToken } from "./soft-token.ts";

/** What a person did when the key blinked. */
export type TouchOutcome = "touched" | "declined" | "timeout";

/** Blinks and waits. "cancelled" comes from the platform. */
export type Touch = () => Promise<TouchOutcome | "cancelled">;

/** Flags of authenticator data. Source: token/fido2/CTAP.md, "Authenticator data". */
export const FLAG = { userPresent: 0x01, userVerified: 0x04, attested: 0x40 } as const;

/** What getAssertion and makeCredential have in common. */
export interface ConsentRequest {
  readonly parameters: Parameters;
  /** Where the command has its pinUvAuthParam, its protocol and its options. */
  readonly members: { readonly param: number; readonly protocol: number; readonly options: number };
  readonly permission: number;
  readonly rpId: string;
  readonly clientDataHash: Uint8Array;
}

export interface ConsentSurroundings {
  readonly profile: SoftKeyProfile;
  readonly token: SoftToken;
  readonly state: SoftKeyState;
  readonly touch: Touch;
}

/** The flag of a proven PIN, 0 when none was given and none is needed. */
export async function verifyUser(request: ConsentRequest, around: ConsentSurroundings): Promise<number> {
  const { parameters, members, permission, rpId, clientDataHash } = request;
  const { profile, state, token } = around;
  if (!parameters.has(members.param)) {
    if (profile.options["alwaysUv"] === true && option(request, "up") !== false) {
      throw new SoftStatus(STATUS.puatRequired);
    }
    return 0;
  }
  const param = parameters.bytes(members.param);
  if (param.length === 0) {
    await userPresence(around);
    throw new SoftStatus(state.pinHash === null ? STATUS.pinNotSet : STATUS.pinInvalid);
  }
  const version = parameters.number(members.protocol);
  if (!profile.pinUvAuthProtocols.includes(version)) {
    throw new SoftStatus(STATUS.invalidParameter);
  }
  token.prove({ version, param, message: clientDataHash, permission, rpId });
  return FLAG.userVerified;
}

/** The flag of a touch. A touch uses the token up. */
export async function userPresence({ profile, token, touch }: ConsentSurroundings): Promise<number> {
  switch (await touch()) {
    case "declined":
      throw new SoftStatus(STATUS.operationDenied);
    case "cancelled":
      throw new SoftStatus(STATUS.keepaliveCancel);
    case "timeout":
      throw new SoftStatus(profile.touchTimeoutStatus);
    case "touched":
      token.drop();
      return FLAG.userPresent;
  }
}

/** One of the command's options; undefined when it is not given. */
export function option({ parameters, members }: ConsentRequest, name: string): boolean | undefined {
  return parameters.has(members.options) ? parameters.map(members.options).flag(name) : undefined;
}

/**
 * These keys have no built-in user verification, and some refuse even to be told not to use it.
 * Source: token/fido2/CTAP.md, "getAssertion".
 */
export function refuseUvOption(request: ConsentRequest, { profile }: ConsentSurroundings): void {
  const uv = option(request, "uv");
  if (uv === true || (uv === false && profile.refusesUvOption)) {
    throw new SoftStatus(STATUS.invalidOption);
  }
}

/** Source: token/fido2/CTAP.md, "Authenticator data". */
export function authenticatorData(rpId: string, flags: number, signCount: number): Buffer {
  const data = Buffer.alloc(37);
  createHash("sha256").update(rpId).digest().copy(data);
  data.writeUInt8(flags, 32);
  data.writeUInt32BE(signCount, 33);
  return data;
}
