/** Limits of one exchange with a server. */
export interface ExchangeLimits {
  /** Milliseconds to connect, including the TLS handshake. */
  readonly connectMs: number;
  /** Milliseconds for the whole exchange, including the last byte of the answer. */
  readonly totalMs: number;
  /** The largest body that is read, in bytes. */
  readonly bodyBytes: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * Headers of an answer, of a proxy's answer, and trailers, in bytes each. This is Node's default, set explicitly so that it
 * stays.
 */
export const HEADER_BYTES = 16 * KIB;

/**
 * The Vouch server. Source: token/vouch/VOUCH-PROTOCOL.md, "Times"; its answers never have more than a few thousand bytes.
 */
export const VOUCH_LIMITS: ExchangeLimits = { connectMs: 5000, totalMs: 10_000, bodyBytes: 256 * KIB };

/** Limits of one call to AWS. Those of the exchange apply to each attempt. */
export interface AwsLimits extends ExchangeLimits {
  /** Attempts of one call, including the first. */
  readonly attempts: number;
  /** Milliseconds for the whole call, with all attempts and the pauses between them. */
  readonly callMs: number;
}

/** STS, EKS and IAM: a page has at most a hundred names, and a role's policies some ten thousand bytes. */
export const AWS_LIMITS: AwsLimits = {
  attempts: 3,
  connectMs: 5000,
  totalMs: 15_000,
  callMs: 30_000,
  bodyBytes: MIB,
};

/** A doctor sends many requests at once and does not wait long for any. */
export const DOCTOR_AWS_LIMITS: AwsLimits = {
  ...AWS_LIMITS,
  attempts: 2,
  connectMs: 3000,
  totalMs: 8000,
  callMs: 11_000,
};

/** A single GET of the doctor: to STS, to the API server, to a clock. */
export const DOCTOR_GET_LIMITS: ExchangeLimits = { connectMs: 5000, totalMs: 8000, bodyBytes: 256 * KIB };

/** A review of the Kubernetes API: one small object. */
export const REVIEW_LIMITS: ExchangeLimits = { connectMs: 5000, totalMs: 10_000, bodyBytes: 256 * KIB };

/** Reads from the Kubernetes API: a page of five hundred roles has about a megabyte. */
export const KUBERNETES_LIMITS: ExchangeLimits = { ...REVIEW_LIMITS, bodyBytes: 8 * MIB };

/** All answers of one API server to one client, in bytes: lists of roles in pages, and the calls that follow from them. */
export const KUBERNETES_TOTAL_BYTES = 32 * MIB;

/**
 * Pages of one list: no cluster has more than 3,000 access entries, at a hundred per page. Source: doctor/EKS-ACCESS.md, "Access
 * entries".
 */
export const MAX_PAGES = 100;

/** Milliseconds for the pages of one list together. */
export const LIST_MS = 60_000;
