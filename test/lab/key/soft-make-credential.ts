import { sign, X509Certificate } from "node:crypto";
import { type Parameters, SoftStatus, STATUS } from "./soft-cbor.ts";
import {
  authenticatorData,
  type ConsentRequest,
  type ConsentSurroundings,
  FLAG,
  option,
  refuseUvOption,
  userPresence,
  verifyUser,
} from "./soft-consent.ts";
import { enrolCredential, type SoftKeyState } from "./soft-key-state.ts";
import { PERMISSION } from "./soft-token.ts";

/** COSE number of ES256. Source: token/fido2/CTAP.md, "CBOR and COSE". */
const ES256 = -7;
/** Discoverable credentials a key has room for, when getInfo does not say (member 0x14). */
const ROOM = 25;

/**
 * authenticatorMakeCredential with packed attestation, by the maker's certificate where the key has one. Source:
 * token/fido2/CTAP.md, "makeCredential". Absent: extensions.
 */
export async function makeCredential(
  parameters: Parameters,
  around: ConsentSurroundings,
): Promise<Map<number, unknown>> {
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
  const verified = await verifyUser(request, around);
  if (verified === 0 && around.state.pinHash !== null) {
    throw new SoftStatus(STATUS.puatRequired);
  }
  const excluded = isExcluded(parameters, request.rpId, around.state);
  const flags = verified | (await userPresence(around)) | FLAG.attested;
  if (excluded) {
    throw new SoftStatus(STATUS.credentialExcluded);
  }
  const discoverable = option(request, "rk") === true;
  if (discoverable && around.state.credentials.length >= Number(around.profile.more.get(0x14) ?? ROOM)) {
    throw new SoftStatus(STATUS.keyStoreFull);
  }
  return attested(request, { user, discoverable, flags, around });
}

interface Registration {
  readonly user: Parameters;
  readonly discoverable: boolean;
  readonly flags: number;
  readonly around: ConsentSurroundings;
}

function attested(
  { rpId, clientDataHash }: ConsentRequest,
  { user, discoverable, flags, around }: Registration,
): Map<number, unknown> {
  const { state, profile } = around;
  const userName = user.has("name") ? user.text("name") : "";
  const { credentialId, cosePublicKey } = enrolCredential(state, {
    rpId,
    userHandle: user.bytes("id"),
    userName,
    displayName: user.has("displayName") ? user.text("displayName") : userName,
    discoverable,
  });
  state.signCount += 1;
  const length = Buffer.alloc(2);
  length.writeUInt16BE(credentialId.length);
  const data = Buffer.concat([
    authenticatorData(rpId, flags, state.signCount),
    Buffer.from(profile.aaguid, "hex"),
    length,
    credentialId,
    cosePublicKey,
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

function isExcluded(parameters: Parameters, rpId: string, state: SoftKeyState): boolean {
  const ids = parameters.has(0x05)
    ? parameters.maps(0x05).map((entry) => Buffer.from(entry.bytes("id")).toString("base64url"))
    : [];
  return state.credentials.some(
    (credential) => credential.rpId === rpId && ids.includes(credential.credentialId),
  );
}
