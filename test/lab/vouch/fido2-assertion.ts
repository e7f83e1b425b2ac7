import { createHash } from "node:crypto";
import { decodeBase64url } from "./base64url.ts";
import { verifyWithCoseKey } from "./cose-key.ts";
import { type JsonObject, parseJsonObject } from "./json-object.ts";
import { invalidGrant } from "./refusal.ts";
import type { VouchCredential } from "./world.ts";

/** Flags of authenticator data: user present, user verified. Source: SERVER-CHECKS.md, "Login grant checks", F11. */
const UP_AND_UV = 0x05;

/** Shortest and longest, in bytes. Source: SERVER-CHECKS.md, "Login grant checks", bounds for F4. */
const BOUNDS = {
  credential_id: [16, 1023],
  authenticator_data: [37, Number.POSITIVE_INFINITY],
  signature: [64, 128],
  client_data_json: [1, Number.POSITIVE_INFINITY],
  user_handle: [0, Number.POSITIVE_INFINITY],
} as const;

/** The same for the challenge inside client data, in characters. */
const CHALLENGE_LENGTH = [16, 256] as const;

/** The form field `assertion`, decoded and within bounds. */
export interface Fido2Assertion {
  readonly state: string;
  readonly credentialId: Buffer;
  readonly authenticatorData: Buffer;
  readonly signature: Buffer;
  readonly clientDataJson: Buffer;
  readonly clientData: JsonObject;
  readonly userHandle: Buffer;
}

/** F4 of SERVER-CHECKS.md, "Login grant checks". */
export function parseFido2Assertion(field: string): Fido2Assertion {
  const members = parseJsonObject(decodeBase64url(field)?.toString() ?? "") ?? {};
  const bytesOf = (name: keyof typeof BOUNDS): Buffer => {
    const [min, max] = BOUNDS[name];
    const bytes = decodeBase64url(members[name]);
    if (bytes === undefined || bytes.length < min || bytes.length > max) throw invalidGrant();
    return bytes;
  };

  const { state } = members;
  const clientDataJson = bytesOf("client_data_json");
  const clientData = parseJsonObject(clientDataJson.toString());
  if (typeof state !== "string" || clientData === undefined || !isComplete(clientData)) throw invalidGrant();
  return {
    state,
    clientDataJson,
    clientData,
    credentialId: bytesOf("credential_id"),
    authenticatorData: bytesOf("authenticator_data"),
    signature: bytesOf("signature"),
    userHandle: bytesOf("user_handle"),
  };
}

function isComplete({ type, challenge, origin }: JsonObject): boolean {
  const [min, max] = CHALLENGE_LENGTH;
  if (typeof type !== "string" || typeof origin !== "string" || typeof challenge !== "string") return false;
  return challenge.length >= min && challenge.length <= max;
}

export interface AssertionExpectation {
  readonly rpId: string;
  readonly challenge: string;
  readonly credential: VouchCredential;
}

/**
 * F10 to F14 of SERVER-CHECKS.md, "Login grant checks"; the new counter. TLS is always on here, so the origin must
 * match exactly.
 */
export function verifyFido2Assertion(assertion: Fido2Assertion, expected: AssertionExpectation): number {
  const { authenticatorData, clientData, clientDataJson, signature } = assertion;
  const { rpId, challenge, credential } = expected;
  if (!authenticatorData.subarray(0, 32).equals(sha256(rpId))) throw invalidGrant();
  if ((authenticatorData.readUInt8(32) & UP_AND_UV) !== UP_AND_UV) throw invalidGrant();

  const counter = authenticatorData.readUInt32BE(33);
  if (credential.counter !== 0 && counter <= credential.counter) throw invalidGrant();

  const { type, challenge: answered, origin } = clientData;
  if (type !== "webauthn.get" || answered !== challenge || origin !== `https://${rpId}`) throw invalidGrant();

  const signed = Buffer.concat([authenticatorData, sha256(clientDataJson)]);
  if (!verifyWithCoseKey(credential.cosePublicKey, signed, signature)) throw invalidGrant();
  return counter;
}

function sha256(data: string | Buffer): Buffer {
  return createHash("sha256").update(data).digest();
}
