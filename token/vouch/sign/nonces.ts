/** The characters of a nonce, which is copied into headers unchanged. Source: RFC 9449, 8.1 (NQCHAR). */
const NONCE = /^[\x21\x23-\x5b\x5d-\x7e]{1,512}$/;

/** Keeps the newest nonce that the server sent. */
export interface NonceBox {
  /** Reads a response header; an absent or malformed one changes nothing. */
  offer(value: string | string[] | undefined): void;
  /** The nonce for the next request. */
  take(): string | undefined;
}

/**
 * DPoP nonces are kept in a `reusable` box: the newest is returned until another arrives, since servers that still accept it save
 * us a round trip, and the others merely ask again. Signature nonces are used once.
 *
 * Source: VOUCH-PROTOCOL.md, "DPoP nonces" and "Message signature".
 */
export function nonceBox({ reusable }: { readonly reusable: boolean }): NonceBox {
  let newest: string | undefined;
  return {
    offer(value) {
      if (typeof value === "string" && NONCE.test(value)) newest = value;
    },
    take() {
      const nonce = newest;
      if (!reusable) newest = undefined;
      return nonce;
    },
  };
}

/** How many random bytes a UUID needs. */
export const UUID_RANDOM_BYTES = 10;

/** A UUID version 7: 48 bits of time (epoch ms), the rest random. Source: RFC 9562, 5.7. */
export function uuidV7(nowMs: number, random: Uint8Array): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.set(random.subarray(0, UUID_RANDOM_BYTES), 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return uuidText(bytes);
}

/** The usual form of sixteen bytes, 8-4-4-4-12. */
export function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The sixteen bytes of a UUID in its usual form; undefined for anything else. */
export function uuidBytes(text: string): Uint8Array | undefined {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
    ? Buffer.from(text.replaceAll("-", ""), "hex")
    : undefined;
}
