import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createHmac,
  type ECDH,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { type Parameters, SoftStatus, STATUS } from "./soft-cbor.ts";

/** What a key and a platform share, for one of the two protocols. */
export interface SoftSecret {
  readonly version: number;
  readonly macKey: Buffer;
  readonly aesKey: Buffer;
}

/**
 * The key's side of the PIN protocols, written apart from the client's so that neither judges itself.
 *
 * Source: token/fido2/CTAP.md, "PIN protocols"; HKDF for one block of output: RFC 5869, 2.2 and 2.3.
 */
export function softSecret(version: number, ours: ECDH, theirs: Parameters): SoftSecret {
  const z = ours.computeSecret(rawPoint(theirs));
  if (version === 1) {
    const key = createHash("sha256").update(z).digest();
    return { version, macKey: key, aesKey: key };
  }
  const extracted = mac(Buffer.alloc(32), z);
  const expand = (info: string) => mac(extracted, Buffer.from(`${info}\x01`, "latin1"));
  return { version, macKey: expand("CTAP2 HMAC key"), aesKey: expand("CTAP2 AES key") };
}

export function newKeyAgreement(): ECDH {
  const key = createECDH("prime256v1");
  key.generateKeys();
  return key;
}

/** The public half as a COSE key. Source: token/fido2/CTAP.md, "CBOR and COSE". */
export function publicHalf(key: ECDH): Map<number, unknown> {
  const point = key.getPublicKey();
  return new Map<number, unknown>([
    [1, 2],
    [3, -25],
    [-1, 1],
    [-2, point.subarray(1, 33)],
    [-3, point.subarray(33)],
  ]);
}

/** Exactly the five members of a P-256 key for key agreement, else INVALID_PARAMETER. */
function rawPoint(cose: Parameters): Buffer {
  const fits = cose.size === 5 && cose.number(1) === 2 && cose.number(3) === -25 && cose.number(-1) === 1;
  if (!fits || cose.bytes(-2).length !== 32 || cose.bytes(-3).length !== 32) {
    throw new SoftStatus(STATUS.invalidParameter);
  }
  return Buffer.concat([Buffer.from([4]), cose.bytes(-2), cose.bytes(-3)]);
}

export function seal({ version, aesKey }: SoftSecret, plain: Uint8Array): Buffer {
  const iv = version === 1 ? Buffer.alloc(16) : randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", aesKey, iv).setAutoPadding(false);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return version === 1 ? body : Buffer.concat([iv, body]);
}

/** Undefined unless what comes out has `length` bytes. */
export function unseal(
  { version, aesKey }: SoftSecret,
  sealed: Uint8Array,
  length: number,
): Buffer | undefined {
  const ivLength = version === 1 ? 0 : 16;
  if (sealed.length !== ivLength + length) {
    return undefined;
  }
  const iv = version === 1 ? Buffer.alloc(16) : sealed.subarray(0, 16);
  const decipher = createDecipheriv("aes-256-cbc", aesKey, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(sealed.subarray(ivLength)), decipher.final()]);
}

/**
 * Whether `param` authenticates the message. Only the whole length counts: 16 bytes for one, 32 for two
 * (token/fido2/CTAP.md, "PIN protocols").
 */
export function authentic(version: number, key: Uint8Array, message: Uint8Array, param: Uint8Array): boolean {
  const expected = mac(key, message).subarray(0, version === 1 ? 16 : 32);
  return param.length === expected.length && timingSafeEqual(param, expected);
}

function mac(key: Uint8Array, message: Uint8Array): Buffer {
  return createHmac("sha256", key).update(message).digest();
}
