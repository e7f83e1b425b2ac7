import type { Takeover } from "../takeover.ts";

/** What a test can break while the stand-in runs. All are off at first. */
export interface KubeFaults {
  /** May answer instead of the stand-in. */
  takeover: Takeover | undefined;
  /** Connections are closed at once. For a refused connection, close the stand-in. */
  down: boolean;
  /** Connections are accepted and never answered, as behind a CIDR block. */
  silent: boolean;
  /** Certificate shown: the right one, one for another name, or one of an authority nobody trusts. */
  certificate: "right" | "wrong-name" | "unknown-authority";
  /** Milliseconds before each answer. */
  slowMs: number;
  /** Every token is refused. */
  unauthorizedAlways: boolean;
  /** The authenticator cannot be reached: everybody gets 401 and its log stays empty. */
  authenticatorDown: boolean;
  /** The access-policy engine cannot be reached: what RBAC does not allow becomes 500. */
  policiesDown: boolean;
  /** So many of the next requests get 429. */
  throttled: number;
}

export function noFaults(): KubeFaults {
  return {
    takeover: undefined,
    down: false,
    silent: false,
    certificate: "right",
    slowMs: 0,
    unauthorizedAlways: false,
    authenticatorDown: false,
    policiesDown: false,
    throttled: 0,
  };
}
