/** The header that binds a token to one cluster. Source: EKS-TOKEN.md, "Verifier", steps 10 and 13. */
export const CLUSTER_HEADER = "x-k8s-aws-id";

/** Longest token a verifier reads, in bytes. Source: EKS-TOKEN.md, "Verifier", step 1. */
export const MAX_TOKEN_BYTES = 4096;

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
interface TokenEnds {
  readonly signedAt: number;
  readonly credentialsEnd: number | undefined;
  readonly sessionEnd: number | undefined;
}

/** When a client should stop using a token: at most 14 minutes after it was signed. Epoch milliseconds. */
export function tokenExpiry({ signedAt, credentialsEnd, sessionEnd }: TokenEnds): number {
  const ends = [credentialsEnd, sessionEnd].filter((end) => end !== undefined);
  return Math.min(signedAt + TOKEN_LIFETIME_MS, ...ends) - EXPIRY_MARGIN_MS;
}

/** `20260115T120000Z` */
export function amzDate(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}
