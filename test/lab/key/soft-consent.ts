import { createHash } from "node:crypto";
import { type Parameters, SoftStatus, STATUS } from "./soft-cbor.ts";
import { type Finger, readsFingers, verifyFinger } from "./soft-finger.ts";
import type { SoftKeyProfile } from "./soft-key-profiles.ts";
import type { SoftKeyState } from "./soft-key-state.ts";
import type { SoftToken } from "./soft-token.ts";

/** Entries of a list that Yubico's keys take, said or not (member 0x07). Source: token/fido2/CTAP.md, "Yubico's keys". */
const MAX_LIST = 8;

/** What a person did when the key blinked. */
export type TouchOutcome = "touched" | "declined" | "timeout";

/** Blinks and waits. "cancelled" comes from the platform. */
type Touch = () => Promise<TouchOutcome | "cancelled">;

/** The person at the key, for the length of one command. */
export interface PersonAtKey {
  readonly touch: Touch;
  readonly finger: Finger;
}

/** Flags of authenticator data. Source: token/fido2/CTAP.md, "Authenticator data". */
export const FLAG = { userPresent: 0x01, userVerified: 0x04, attested: 0x40, extended: 0x80 } as const;

/** What getAssertion and makeCredential have in common. */
export interface ConsentRequest {
  readonly parameters: Parameters;
  /** Where the command has its pinUvAuthParam, its protocol and its options. */
  readonly members: { readonly param: number; readonly protocol: number; readonly options: number };
  readonly permission: number;
  readonly rpId: string;
  readonly clientDataHash: Uint8Array;
}

export interface ConsentSurroundings extends PersonAtKey {
  readonly profile: SoftKeyProfile;
  readonly token: SoftToken;
  readonly state: SoftKeyState;
}

/** How a person proved themselves. `touched` says that the proof was a touch as well. */
export interface Proven {
  readonly verified: boolean;
  readonly touched: boolean;
}

/**
 * An empty proof asks for nothing but a touch, and is then told how it stands with the PIN: how CTAP 2.0 lets a person
 * pick a key. It comes before everything else. Source: token/fido2/CTAP.md, "makeCredential".
 */
export async function refuseEmptyProof(
  parameters: Parameters,
  member: number,
  around: ConsentSurroundings,
): Promise<void> {
  if (parameters.has(member) && parameters.bytes(member).length === 0) {
    await userPresence(around);
    throw new SoftStatus(around.state.pinHash === null ? STATUS.pinNotSet : STATUS.pinInvalid);
  }
}

/** The proof by a token, or by a fingerprint if the key reads it itself. */
export async function verifyUser(request: ConsentRequest, around: ConsentSurroundings): Promise<Proven> {
  const { parameters, members, permission, rpId, clientDataHash } = request;
  const { profile, token } = around;
  if (!parameters.has(members.param)) {
    return verifyWithoutToken(request, around);
  }
  const version = parameters.number(members.protocol);
  if (!profile.pinUvAuthProtocols.includes(version)) {
    throw new SoftStatus(STATUS.invalidParameter);
  }
  const param = parameters.bytes(members.param);
  const { touched } = token.prove({ version, param, message: clientDataHash, permission, rpId });
  return { verified: true, touched };
}

/** Source: token/fido2/CTAP.md, "Fingers". */
async function verifyWithoutToken(request: ConsentRequest, around: ConsentSurroundings): Promise<Proven> {
  const always = around.profile.options["alwaysUv"] === true;
  const silent = option(request, "up") === false;
  if (option(request, "uv") === true || (always && !silent && readsFingers(around.profile))) {
    await consentByFinger(around);
    return { verified: true, touched: true };
  }
  if (always) {
    throw new SoftStatus(STATUS.puatRequired);
  }
  return { verified: false, touched: false };
}

/** A finger that is not accepted sends the platform to the PIN. */
async function consentByFinger({ profile, state, finger }: ConsentSurroundings): Promise<void> {
  try {
    await verifyFinger(profile, state, finger);
  } catch (error) {
    const refused =
      error instanceof SoftStatus && (error.status === STATUS.uvInvalid || error.status === STATUS.uvBlocked);
    if (!refused) {
      throw error;
    }
    throw new SoftStatus(state.pinHash === null ? STATUS.operationDenied : STATUS.puatRequired);
  }
}

/** The flags of a proof and a touch. A touch uses the token up. */
export async function consentFlags(
  { verified, touched }: Proven,
  silent: boolean,
  around: ConsentSurroundings,
): Promise<number> {
  const flags = verified ? FLAG.userVerified : 0;
  if (silent) {
    return flags;
  }
  if (touched) {
    around.token.drop();
  } else {
    await userPresence(around);
  }
  return flags | FLAG.userPresent;
}

/** Waits for a touch, which uses the token up. */
export async function userPresence({ profile, token, touch }: ConsentSurroundings): Promise<void> {
  switch (await touch()) {
    case "declined":
      throw new SoftStatus(STATUS.operationDenied);
    case "cancelled":
      throw new SoftStatus(STATUS.keepaliveCancel);
    case "timeout":
      throw new SoftStatus(profile.touchTimeoutStatus);
    case "touched":
      token.drop();
  }
}

/** One of the command's options; undefined when it is not given. */
export function option({ parameters, members }: ConsentRequest, name: string): boolean | undefined {
  return parameters.has(members.options) ? parameters.map(members.options).flag(name) : undefined;
}

/**
 * Without a reader for fingers there is no user verification of the key's own, and some keys refuse even to be told not
 * to use it. Source: token/fido2/CTAP.md, "getAssertion".
 */
export function refuseUvOption(request: ConsentRequest, { profile }: ConsentSurroundings): void {
  const uv = option(request, "uv");
  if ((uv === true && !readsFingers(profile)) || (uv === false && profile.refusesUvOption)) {
    throw new SoftStatus(STATUS.invalidOption);
  }
}

/** The ids of an allow or exclude list, base64url. */
export function listedIds(
  parameters: Parameters,
  member: number,
  { profile }: ConsentSurroundings,
): Set<string> {
  const entries = parameters.maps(member);
  if (entries.length > Number(profile.more.get(0x07) ?? MAX_LIST)) {
    throw new SoftStatus(STATUS.requestTooLarge);
  }
  return new Set(entries.map((entry) => Buffer.from(entry.bytes("id")).toString("base64url")));
}

/** Source: token/fido2/CTAP.md, "Authenticator data". */
export function authenticatorData(rpId: string, flags: number, signCount: number): Buffer {
  const data = Buffer.alloc(37);
  createHash("sha256").update(rpId).digest().copy(data);
  data.writeUInt8(flags, 32);
  data.writeUInt32BE(signCount, 33);
  return data;
}
