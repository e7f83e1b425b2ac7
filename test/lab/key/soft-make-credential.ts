import { sign, X509Certificate } from "node:crypto";
import { encode } from "cborg";
import { isShown } from "./soft-assertion.ts";
import { type Parameters, SoftStatus, STATUS } from "./soft-cbor.ts";
import {
  authenticatorData,
  type ConsentRequest,
  type ConsentSurroundings,
  consentFlags,
  FLAG,
  listedIds,
  option,
  refuseEmptyProof,
  refuseUvOption,
  verifyUser,
} from "./soft-consent.ts";
import { PERMISSION } from "./soft-grant.ts";
import { type EnrolRequest, enrolCredential, namesake, type SoftKeyState } from "./soft-key-state.ts";

/** COSE number of ES256. Source: token/fido2/CTAP.md, "CBOR and COSE". */
const ES256 = -7;
/** Discoverable credentials a key has room for, when getInfo does not say (member 0x14). */
const ROOM = 25;

/**
 * authenticatorMakeCredential with packed attestation, by the maker's certificate where the key has one. Source:
 * token/fido2/CTAP.md, "makeCredential". Absent: extensions other than credProtect.
 */
export async function makeCredential(
  parameters: Parameters,
  around: ConsentSurroundings,
): Promise<Map<number, unknown>> {
  await refuseEmptyProof(parameters, 0x08, around);
  const user = parameters.map(0x03);
  const request: ConsentRequest = {
    parameters,
    members: { param: 0x08, protocol: 0x09, options: 0x07 },
    permission: PERMISSION.makeCredential,
    rpId: parameters.map(0x02).text("id"),
    clientDataHash: parameters.bytes(0x01, 32),
  };
  if (!parameters.maps(0x04).some((entry) => entry.number("alg") === ES256)) {
    throw new SoftStatus(STATUS.unsupportedAlgorithm);
  }
  if (option(request, "up") === false) {
    throw new SoftStatus(STATUS.invalidOption);
  }
  refuseUvOption(request, around);
  const protection = protectionAsked(parameters, around);
  const discoverable = option(request, "rk") === true;
  const proven = await verifyUser(request, around);
  if (!proven.verified && around.state.pinHash !== null && !goesUnproven(discoverable, around)) {
    throw new SoftStatus(STATUS.puatRequired);
  }
  const excluded = isExcluded(request, proven.verified, around);
  const flags = (await consentFlags(proven, false, around)) | FLAG.attested;
  if (excluded) {
    throw new SoftStatus(STATUS.credentialExcluded);
  }
  if (discoverable && !hasRoom(request.rpId, user.bytes("id"), around)) {
    throw new SoftStatus(STATUS.keyStoreFull);
  }
  const { rpId, clientDataHash } = request;
  const userName = user.has("name") ? user.text("name") : "";
  const displayName = user.has("displayName") ? user.text("displayName") : userName;
  const userHandle = user.bytes("id");
  return attested(
    { rpId, clientDataHash, userHandle, userName, displayName, discoverable, protection, flags },
    around,
  );
}

/** Some keys make a credential that must be named without the PIN. Source: token/fido2/CTAP.md, "getInfo". */
function goesUnproven(discoverable: boolean, { profile }: ConsentSurroundings): boolean {
  return !discoverable && profile.options["makeCredUvNotRqd"] === true;
}

/** The level of credProtect; undefined if it is not requested or unknown. */
function protectionAsked(parameters: Parameters, { profile }: ConsentSurroundings): number | undefined {
  const known = profile.extensions.includes("credProtect") && parameters.has(0x06);
  const level =
    known && parameters.map(0x06).has("credProtect") ? parameters.map(0x06).number("credProtect") : undefined;
  if (level !== undefined && ![1, 2, 3].includes(level)) {
    throw new SoftStatus(STATUS.invalidOption);
  }
  return level;
}

/** How many discoverable credentials still fit: member 0x14 of getInfo, if the model has it. */
export function roomLeft({ profile, state }: Pick<ConsentSurroundings, "profile" | "state">): number {
  const used = state.credentials.filter(({ discoverable }) => discoverable).length;
  return Math.max(0, Number(profile.more.get(0x14) ?? ROOM) - used);
}

function hasRoom(rpId: string, userHandle: Uint8Array, around: ConsentSurroundings): boolean {
  return roomLeft(around) > 0 || namesake(around.state, rpId, userHandle) !== undefined;
}

interface Registration extends Omit<EnrolRequest, "protection"> {
  readonly clientDataHash: Uint8Array;
  readonly protection: number | undefined;
  readonly flags: number;
}

/** Makes a credential and vouches for it. */
export function attested(
  { clientDataHash, protection, flags, ...enrolment }: Registration,
  { state, profile }: Pick<ConsentSurroundings, "state" | "profile">,
): Map<number, unknown> {
  const { rpId } = enrolment;
  const { credentialId, cosePublicKey } = enrolCredential(state, {
    ...enrolment,
    ...(protection === undefined ? {} : { protection }),
  });
  state.signCount += 1;
  const length = Buffer.alloc(2);
  length.writeUInt16BE(credentialId.length);
  const data = Buffer.concat([
    authenticatorData(rpId, protection === undefined ? flags : flags | FLAG.extended, state.signCount),
    Buffer.from(profile.aaguid, "hex"),
    length,
    credentialId,
    cosePublicKey,
    protection === undefined ? Buffer.alloc(0) : encode({ credProtect: protection }),
  ]);
  const signed = Buffer.concat([data, clientDataHash]);
  return new Map<number, unknown>([
    [0x01, "packed"],
    [0x02, data],
    [0x03, attestationStatement(state, signed)],
  ]);
}

/** Source: WebAuthn Level 2, 8.2. */
function attestationStatement({ maker, credentials }: SoftKeyState, signed: Uint8Array): object {
  if (maker !== undefined) {
    const x5c = [new X509Certificate(maker.cert).raw];
    return { alg: ES256, sig: sign("sha256", signed, maker.key), x5c };
  }
  const key = credentials.at(-1)?.privateKey ?? {};
  return { alg: ES256, sig: sign("sha256", signed, { key, format: "jwk" }) };
}

function isExcluded(
  { parameters, rpId }: ConsentRequest,
  verified: boolean,
  around: ConsentSurroundings,
): boolean {
  const ids = parameters.has(0x05) ? listedIds(parameters, 0x05, around) : new Set();
  return around.state.credentials.some(
    (credential) =>
      credential.rpId === rpId && ids.has(credential.credentialId) && isShown(credential, verified, true),
  );
}
