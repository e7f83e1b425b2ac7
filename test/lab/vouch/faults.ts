import type { Takeover } from "../takeover.ts";

/** Limits a fault to some requests and to some number of times; each request it hits counts it down. */
interface Occurrence {
  times: number;
  /** Only requests to this path; all when absent. */
  readonly path?: string;
}

/** What can be wrong with a Vouch server. Tests set members at any time; everything is off at the start. */
export interface VouchFaults {
  /** May answer instead of the stand-in. */
  takeover: Takeover | undefined;
  /** Connections are closed without an answer. */
  down: boolean;
  /** 429, with `Retry-After` when given (seconds, or any text). */
  rateLimit: (Occurrence & { readonly retryAfter?: number | string }) | undefined;
  /** 500 with the server's own error body; any other status with the HTML of a proxy in front. */
  failure: (Occurrence & { readonly status: number }) | undefined;
  /** Waits this long before every answer, in milliseconds. */
  slowMs: number;
  /** Every request is redirected there. */
  redirect: { readonly location: string; readonly status?: number } | undefined;
  /** Every request is answered 200 with the HTML of somebody's sign-in page. */
  captivePortal: boolean;
  /** No `DPoP-Nonce` on the challenge answer, where it is best effort. */
  dropChallengeNonce: boolean;
  /** No `DPoP-Nonce` beside `use_dpop_nonce`, where the client needs it. */
  dropDemandedNonce: boolean;
  /** So many good nonces are refused with `use_dpop_nonce`. */
  nonceDemands: number;
  /** The nonce store fails: 500 `internal error` for a signed request that carries a nonce. */
  nonceStoreDown: boolean;
  /** The token answer has no `email`. */
  missingEmail: boolean;
  /** The token answer says when the token ends, too (ISO 8601). */
  expiresAt: string | undefined;
  /** An exchanged ID token is called `Bearer`, as by older servers, instead of `N_A`. */
  oldTokenType: boolean;
  /** No RSA key: the AWS token endpoint answers 501, and the JWKS lacks it. */
  noRsaKey: boolean;
  /** The organization's posture policy refuses every login, with this description. */
  policyRefusal: string | undefined;
  /** Protected calls demand a fresh login. */
  stepUp: boolean;
  /** The AWS ID token is not pinned although a role was asked for, as by servers that ignore `role_arn`. */
  ignoreRoleArn: boolean;
}

export function noFaults(): VouchFaults {
  return {
    takeover: undefined,
    down: false,
    rateLimit: undefined,
    failure: undefined,
    slowMs: 0,
    redirect: undefined,
    captivePortal: false,
    dropChallengeNonce: false,
    dropDemandedNonce: false,
    nonceDemands: 0,
    nonceStoreDown: false,
    missingEmail: false,
    expiresAt: undefined,
    oldTokenType: false,
    noRsaKey: false,
    policyRefusal: undefined,
    stepUp: false,
    ignoreRoleArn: false,
  };
}

/** Whether this fault hits a request to `path`, and counts it. */
export function occurs(fault: Occurrence | undefined, path: string): fault is Occurrence {
  if (fault === undefined || fault.times <= 0 || (fault.path !== undefined && fault.path !== path))
    return false;
  fault.times -= 1;
  return true;
}
