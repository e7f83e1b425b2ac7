import type { IamRole, IamUser } from "../../model.ts";
import type { Caller } from "../caller.ts";
import { judgeSessionPolicies } from "./session-policy.ts";
import { matchesAction, matchesWildcard } from "./wildcard.ts";

/** Whether a principal's own policy allows an action; only its statements count, not its account's. */
export function identityAllows(principal: IamRole | IamUser, action: string, resource: string): boolean {
  return principal.allows.some(
    ({ actions, resources }) =>
      actions.some((pattern) => matchesAction(pattern, action)) &&
      resources.some((pattern) => matchesWildcard(pattern, resource)),
  );
}

/**
 * The end of AWS's sentence when the caller may not; undefined when it may.
 *
 * Not played: permissions boundaries and resource policies. A service control policy is `faults.deny`.
 */
export function denial(caller: Caller, action: string, resource: string): string | undefined {
  if (!identityAllows(caller.principal, action, resource)) {
    return `because no identity-based policy allows the ${action} action`;
  }
  return sessionDenial(caller, action, resource);
}

/** The same for the session policies alone: what a trust policy grants directly is still narrowed by them. */
export function sessionDenial(caller: Caller, action: string, resource: string): string | undefined {
  if (!caller.session) return undefined;
  const verdict = judgeSessionPolicies(caller.session, action, resource);
  if (verdict === "allowed") return undefined;
  return verdict === "denied"
    ? "with an explicit deny in a session policy"
    : `because no session policy allows the ${action} action`;
}
