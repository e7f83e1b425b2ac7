import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from "node:crypto";
import { bytesAt, type CborMap, malformedAnswer } from "../ctap/cbor.ts";
import type { FoundKey } from "../ctap/open-key.ts";
import type { PinLengthProblem } from "../prompts.ts";

/** The secret shared by both sides of a key agreement, and our half of the agreement. Wiped after use. */
export interface SharedSecret {
  readonly keyAgreement: CborMap;
  readonly encryptionKey: Buffer;
  readonly macKey: Buffer;
}

/** Agrees on a secret with the key, for one use: after each PIN, right or wrong, the key has a new half. */
export async function withSharedSecret<T>(
  key: FoundKey,
  protocol: PinUvProtocol,
  use: (secret: SharedSecret) => Promise<T>,
): Promise<T> {
  const theirs = await key.ctap.clientPin.getKeyAgreement(protocol.version);
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const point = sharedPoint(theirs, privateKey);
  const encryptionKey = protocol.encryptionKey(point);
  const macKey = protocol.macKey(point);
  try {
    return await use({ keyAgreement: keyAgreementKey(publicKey), encryptionKey, macKey });
  } finally {
    for (const secret of [point, encryptionKey, macKey]) secret.fill(0);
  }
}

/** Length of an AES block, of the IV, and of the HMAC in protocol one, in bytes. Source: CTAP.md, "PIN protocols". */
const BLOCK = 16;
/** Length of a coordinate on P-256, in bytes. */
const COORDINATE = 32;

/** One PIN/UV auth protocol: pure functions on bytes. */
export interface PinUvProtocol {
  readonly version: number;
  /** The encryption key from the X coordinate that both sides computed. */
  readonly encryptionKey: (z: Uint8Array) => Buffer;
  /** The key that authenticates a new PIN, from the same coordinate. */
  readonly macKey: (z: Uint8Array) => Buffer;
  /** Whole blocks only. `iv` is 16 fresh random bytes; protocol one does not use it. */
  readonly encrypt: (key: Uint8Array, plain: Uint8Array, iv: Uint8Array) => Buffer;
  /** Undefined if the length cannot be right. */
  readonly decrypt: (key: Uint8Array, sealed: Uint8Array) => Buffer | undefined;
  /** `pinUvAuthParam` for a message, with the complete token or, when a PIN is set, with `macKey`. */
  readonly authenticate: (key: Uint8Array, message: Uint8Array) => Buffer;
}

/** Source: CTAP.md, "PIN protocols". */
const protocolOne: PinUvProtocol = {
  version: 1,
  encryptionKey: (z) => createHash("sha256").update(z).digest(),
  macKey: (z) => createHash("sha256").update(z).digest(),
  encrypt: (key, plain) => aesEncrypt(key, Buffer.alloc(BLOCK), plain),
  decrypt: (key, sealed) => aesDecrypt(key, Buffer.alloc(BLOCK), sealed),
  authenticate: (key, message) => hmac(key, message).subarray(0, BLOCK),
};

/** Source: CTAP.md, "PIN protocols". The HMAC is sent in full: firmware since 5.7.4 refuses a truncated one. */
const protocolTwo: PinUvProtocol = {
  version: 2,
  encryptionKey: (z) => Buffer.from(hkdfSync("sha256", z, Buffer.alloc(32), "CTAP2 AES key", 32)),
  macKey: (z) => Buffer.from(hkdfSync("sha256", z, Buffer.alloc(32), "CTAP2 HMAC key", 32)),
  encrypt: (key, plain, iv) => Buffer.concat([iv, aesEncrypt(key, iv, plain)]),
  decrypt: (key, sealed) => aesDecrypt(key, sealed.subarray(0, BLOCK), sealed.subarray(BLOCK)),
  authenticate: (key, message) => hmac(key, message),
};

/** The first protocol in the key's list that we support. */
export function choosePinUvProtocol(versions: readonly number[]): PinUvProtocol | undefined {
  return versions
    .map((version) => [protocolOne, protocolTwo].find((protocol) => protocol.version === version))
    .find((protocol) => protocol !== undefined);
}

/**
 * The X coordinate that both sides compute: the key's COSE key with our private key. Throws if it is not a point on P-256.
 */
export function sharedPoint(theirs: CborMap, ours: KeyObject): Buffer {
  const x = bytesAt(theirs, -2);
  const y = bytesAt(theirs, -3);
  if (x?.length !== COORDINATE || y?.length !== COORDINATE) {
    throw malformedAnswer();
  }
  try {
    const jwk = { kty: "EC", crv: "P-256", x: base64url(x), y: base64url(y) };
    return diffieHellman({ privateKey: ours, publicKey: createPublicKey({ key: jwk, format: "jwk" }) });
  } catch (error) {
    throw malformedAnswer(error);
  }
}

/** A public key as the COSE key of the key agreement: exactly these five members. Source: CTAP.md, "CBOR and COSE". */
export function keyAgreementKey(ours: KeyObject): CborMap {
  const { x, y } = ours.export({ format: "jwk" });
  return new Map<number, unknown>([
    [1, 2],
    [3, -25],
    [-1, 1],
    [-2, Buffer.from(x ?? "", "base64url")],
    [-3, Buffer.from(y ?? "", "base64url")],
  ]);
}

function aesEncrypt(key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-256-cbc", key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

function aesDecrypt(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Buffer | undefined {
  if (iv.length !== BLOCK || sealed.length === 0 || sealed.length % BLOCK !== 0) {
    return undefined;
  }
  const decipher = createDecipheriv("aes-256-cbc", key, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(sealed), decipher.final()]);
}

function hmac(key: Uint8Array, message: Uint8Array): Buffer {
  return createHmac("sha256", key).update(message).digest();
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

/** The longest PIN, in bytes of UTF-8. Source: CTAP.md, "PIN rules". */
const MAX_PIN_BYTES = 63;
/** How many bytes of the PIN's SHA-256 are sent to a key. Source: CTAP.md, "PIN rules". */
const PIN_HASH_SIZE = 16;

/** `minLength` in code points. */
export function pinLengthProblem(pin: string, minLength: number): PinLengthProblem | undefined {
  const normal = pin.normalize("NFC");
  if ([...normal].length < minLength) {
    return "too-short";
  }
  return Buffer.byteLength(normal) > MAX_PIN_BYTES ? "too-long" : undefined;
}

/** A new PIN as sent to the key: 64 bytes, before encryption. The caller wipes it. Source: CTAP.md, "PIN rules". */
export function paddedPin(pin: string): Buffer {
  const bytes = Buffer.from(pin.normalize("NFC"));
  const padded = Buffer.alloc(MAX_PIN_BYTES + 1);
  padded.set(bytes);
  bytes.fill(0);
  return padded;
}

/** Represents the PIN in a message, before encryption. The caller wipes it. */
export function pinHash(pin: string): Buffer {
  const bytes = Buffer.from(pin.normalize("NFC"));
  const digest = createHash("sha256").update(bytes).digest();
  const hash = Buffer.from(digest.subarray(0, PIN_HASH_SIZE));
  bytes.fill(0);
  digest.fill(0);
  return hash;
}
