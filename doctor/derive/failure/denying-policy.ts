/** A policy because of which an Allow of the caller's own changes nothing. */
export interface DenyingPolicy {
  /** `service control policy`, `permissions boundary`, … */
  readonly kind: string;
  /** True: it denies the action. False: it does not allow it, and must, beside the caller's own policies. */
  readonly isExplicit: boolean;
}

/** Source: IAM user guide, "Troubleshoot access denied error messages". */
const EXPLICIT = /with an explicit deny in (?:an? )?([\w-]+(?: [\w-]+){0,5}? policy|permissions boundary)/;

/**
 * Policies that must allow an action beside the caller's own. Source: IAM user guide, "Troubleshoot access denied error
 * messages".
 */
const IMPLICIT =
  /because no ((?:service control|resource control|session|VPC endpoint) policy|permissions boundary) allows/;

/** Reads it out of AWS's denial; undefined where an Allow may help. */
export function denyingPolicy(denial: string): DenyingPolicy | undefined {
  const [explicit, implicit] = [EXPLICIT.exec(denial)?.[1], IMPLICIT.exec(denial)?.[1]];
  if (explicit !== undefined) return { kind: explicit, isExplicit: true };
  return implicit === undefined ? undefined : { kind: implicit, isExplicit: false };
}

/** `: a service control policy denies it`, behind what is denied; empty where no policy is known to be in the way. */
export function sayDenyingPolicy(policy: DenyingPolicy | undefined): string {
  if (policy === undefined) return "";
  const { kind, isExplicit } = policy;
  return isExplicit ? `: ${/^[aeiou]/i.test(kind) ? "an" : "a"} ${kind} denies it` : `: no ${kind} allows it`;
}
