import { randomBytes } from "node:crypto";
import type { LabClock } from "../clock.ts";

/**
 * How long a nonce is good, in milliseconds: min(300 s, DPoP max age + 60 s).
 * Source: token/vouch/VOUCH-PROTOCOL.md, "DPoP nonces" and "Times".
 */
const NONCE_LIFETIME_MS = 300_000;

/**
 * One store for `DPoP-Nonce` and `Signature-Nonce`, as in the real server.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "DPoP nonces".
 */
export interface Nonces {
  issue(): string;
  /** Known and not expired. */
  accept(nonce: string): boolean;
  /** The same, and never again. */
  consume(nonce: string): boolean;
  forgetAll(): void;
}

export function nonces(clock: LabClock): Nonces {
  const expiry = new Map<string, number>();
  const accept = (nonce: string) => (expiry.get(nonce) ?? 0) > clock();
  return {
    issue() {
      const nonce = randomBytes(24).toString("base64url");
      expiry.set(nonce, clock() + NONCE_LIFETIME_MS);
      return nonce;
    },
    accept,
    consume(nonce) {
      const accepted = accept(nonce);
      expiry.delete(nonce);
      return accepted;
    },
    forgetAll: () => expiry.clear(),
  };
}
