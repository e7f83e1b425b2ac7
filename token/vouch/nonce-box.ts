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
