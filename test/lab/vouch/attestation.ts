import { createHash } from "node:crypto";
import { decodeCborMap, leadingCborMap } from "./cbor-map.ts";
import { verifyWithCertificate } from "./certificate-chain.ts";
import { parseJsonObject } from "./json-object.ts";

/**
 * Flags of authenticator data: user present, user verified, credential attached.
 * Source: SERVER-CHECKS.md, "Key registration".
 */
const UP_UV_AT = 0x45;

/** Offsets in authenticator data, in bytes. Source: WebAuthn Level 2, 6.1 and 6.5.1. */
const FLAGS_AT = 32;
const COUNTER_AT = 33;
const AAGUID_AT = 37;
const ID_LENGTH_AT = 53;
const ID_AT = 55;

export interface AttestedCredential {
  readonly credentialId: Buffer;
  readonly cosePublicKey: Buffer;
  /** As a UUID. */
  readonly aaguid: string;
  readonly counter: number;
}

export interface AttestationExpectation {
  readonly rpId: string;
  readonly origin: string;
  readonly challenge: string;
  /** PEM. */
  readonly roots: readonly string[];
}

export interface PresentedAttestation {
  readonly attestationObject: Buffer;
  readonly clientDataJson: Buffer;
}

/**
 * The credential of a new key, when client data, authenticator data and the maker's signature hold. Self attestation
 * and `none` are refused, as by the real server's default-deny hardware check. A policy on AAGUIDs is deliberately
 * absent. Source: SERVER-CHECKS.md, "Key registration".
 */
export function attestedCredential(
  presented: PresentedAttestation,
  expected: AttestationExpectation,
): AttestedCredential | undefined {
  const { attestationObject, clientDataJson } = presented;
  const { type, challenge, origin } = parseJsonObject(clientDataJson.toString()) ?? {};
  if (type !== "webauthn.create" || challenge !== expected.challenge || origin !== expected.origin)
    return undefined;

  const object = decodeCborMap(attestationObject);
  const authData = object?.get("authData");
  if (!(authData instanceof Uint8Array)) return undefined;
  const data = Buffer.from(authData);
  if (data.length < ID_AT || !data.subarray(0, FLAGS_AT).equals(sha256(expected.rpId))) return undefined;
  if ((data.readUInt8(FLAGS_AT) & UP_UV_AT) !== UP_UV_AT) return undefined;

  const credential = credentialIn(data);
  const clientDataHash = sha256(clientDataJson);
  const signed = signedData(object?.get("fmt"), { data, clientDataHash, credential });
  return signed !== undefined && isAttested(object?.get("attStmt"), signed, expected.roots)
    ? credential
    : undefined;
}

function credentialIn(data: Buffer): AttestedCredential | undefined {
  const keyAt = ID_AT + data.readUInt16BE(ID_LENGTH_AT);
  const cosePublicKey = leadingCborMap(data.subarray(keyAt));
  if (cosePublicKey === undefined) return undefined;
  const hex = data.toString("hex", AAGUID_AT, ID_LENGTH_AT);
  return {
    credentialId: data.subarray(ID_AT, keyAt),
    cosePublicKey,
    aaguid: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
    counter: data.readUInt32BE(COUNTER_AT),
  };
}

interface Attested {
  readonly data: Buffer;
  readonly clientDataHash: Buffer;
  readonly credential: AttestedCredential | undefined;
}

/** What the maker's key signed, by attestation format. Source: WebAuthn Level 2, 8.2 and 8.6. */
function signedData(format: unknown, { data, clientDataHash, credential }: Attested): Buffer | undefined {
  if (credential === undefined) return undefined;
  if (format === "packed") return Buffer.concat([data, clientDataHash]);
  if (format !== "fido-u2f") return undefined;

  const key = decodeCborMap(credential.cosePublicKey);
  const [x, y] = [key?.get(-2), key?.get(-3)];
  if (!(x instanceof Uint8Array) || !(y instanceof Uint8Array)) return undefined;
  const point = Buffer.concat([Buffer.of(4), x, y]);
  return Buffer.concat([
    Buffer.of(0),
    data.subarray(0, FLAGS_AT),
    clientDataHash,
    credential.credentialId,
    point,
  ]);
}

function isAttested(statement: unknown, signed: Buffer, roots: readonly string[]): boolean {
  if (!(statement instanceof Map)) return false;
  const [signature, chain] = [statement.get("sig"), statement.get("x5c")];
  if (!(signature instanceof Uint8Array) || !Array.isArray(chain)) return false;
  return verifyWithCertificate({ signature, signed, chain, roots });
}

function sha256(data: string | Buffer): Buffer {
  return createHash("sha256").update(data).digest();
}
