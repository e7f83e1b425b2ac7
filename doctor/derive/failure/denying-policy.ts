/** A policy that makes an Allow in the caller's own policies ineffective. */
export interface DenyingPolicy {
  /** `service control policy`, `permissions boundary`, … */
  readonly kind: string;
  /**
   * True: it denies the action. False: it does not allow the action, which it must do in addition to the caller's own policies.
   */
  readonly isExplicit: boolean;
}

/** Source: IAM user guide, "Troubleshoot access denied error messages". */
const EXPLICIT = /with an explicit deny in (?:an? )?([\w-]+(?: [\w-]+){0,5}? policy|permissions boundary)/;

/**
 * Policies that must allow an action in addition to the caller's own. Source: IAM user guide, "Troubleshoot access denied error
 * messages".
 */
const IMPLICIT =
  /because no ((?:service control|resource control|session|VPC endpoint) policy|permissions boundary) allows/;

/** Finds the policy in AWS's denial; undefined if an Allow can help. */
export function denyingPolicy(denial: string): DenyingPolicy | undefined {
  const [explicit, implicit] = [EXPLICIT.exec(denial)?.[1], IMPLICIT.exec(denial)?.[1]];
  if (explicit !== undefined) return { kind: explicit, isExplicit: true };
  return implicit === undefined ? undefined : { kind: implicit, isExplicit: false };
}

/** `: a service control policy denies it`, to append to what is denied; empty if no such policy is known. */
export function sayDenyingPolicy(policy: DenyingPolicy | undefined): string {
  if (policy === undefined) return "";
  const { kind, isExplicit } = policy;
  return isExplicit ? `: ${/^[aeiou]/i.test(kind) ? "an" : "a"} ${kind} denies it` : `: no ${kind} allows it`;
}
