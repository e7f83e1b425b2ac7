import { createHash } from "node:crypto";

/** The longest PIN, in bytes of UTF-8. Source: CTAP.md, "PIN rules". */
const MAX_PIN_BYTES = 63;
/** How many bytes of the PIN's SHA-256 are sent to a key. Source: CTAP.md, "PIN rules". */
const PIN_HASH_SIZE = 16;

/** Why a PIN cannot be right, found without asking the key. */
export type PinLengthProblem = "too-short" | "too-long";

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
