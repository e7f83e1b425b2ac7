/**
 * How long an EKS verifier accepts a token after its `X-Amz-Date`, in milliseconds; `X-Amz-Expires` does not change it.
 *
 * Source: EKS-TOKEN.md, "Lifetimes".
 */
export const TOKEN_LIFETIME_MS = 15 * 60 * 1000;

/**
 * Subtracted from every lifetime that we report, in milliseconds: client-go has no margin of its own.
 * Source: EKS-TOKEN.md, "Lifetimes".
 */
const EXPIRY_MARGIN_MS = 60 * 1000;

/**
 * What ends a token: when it was signed, and when the credentials and the session behind it end; epoch milliseconds. Undefined:
 * no end is known.
 */
export interface TokenEnds {
  readonly signedAt: number;
  readonly credentialsEnd: number | undefined;
  readonly sessionEnd: number | undefined;
}

/** When a client should stop using a token: at most 14 minutes after it was signed. Epoch milliseconds. */
export function tokenExpiry({ signedAt, credentialsEnd, sessionEnd }: TokenEnds): number {
  const ends = [credentialsEnd, sessionEnd].filter((end) => end !== undefined);
  return Math.min(signedAt + TOKEN_LIFETIME_MS, ...ends) - EXPIRY_MARGIN_MS;
}
