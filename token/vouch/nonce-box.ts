/** What a nonce may be made of: it is quoted in headers as it came. Source: RFC 9449, 8.1 (NQCHAR). */
const NONCE = /^[\x21\x23-\x5b\x5d-\x7e]{1,512}$/;

/** Keeps the newest nonce that the server handed out. */
export interface NonceBox {
  /** Takes note of a response header; one that is absent or malformed changes nothing. */
  offer(value: string | string[] | undefined): void;
  /** The nonce for the next request. */
  take(): string | undefined;
}

/**
 * DPoP nonces live in one that is `reusable`: the newest is given again until another arrives, since servers that
 * still honour it spare us a round trip and the others merely ask again. Signature nonces are single use.
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
