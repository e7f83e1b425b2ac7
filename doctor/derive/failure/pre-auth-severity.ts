import { isSamePrincipal, principalOfArn } from "../../eks/principal/principal.ts";
import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import type { FailureCase } from "./symptom.ts";

/** *error*: it explains the failure. *warning*: it would cause the next one. */
export type Severity = "error" | "warning";

/**
 * The severity of a fault of credentials, trust or token, given how the call failed: *error* if the call can have failed because
 * of it, or if it is not known how the call failed; *warning* if the call did not get that far, so that the fault would show
 * next. Undefined if it cannot be the cause: the identity was accepted, or the question is about another user.
 */
export function preAuthSeverity(facts: FailureCase): Severity | undefined {
  if (isOtherPrincipal(facts)) return undefined;
  switch (facts.symptom?.kind) {
    case "none":
    case "forbidden":
      return undefined;
    case "unreachable":
    case "configuration":
      return "warning";
    case undefined:
    case "unauthorized":
    case "plugin-failed":
    case "aws-refused":
    case "other":
      return "error";
  }
}

/**
 * Whether the question names a principal other than the caller, so that the caller's kubeconfig, credentials and token do not
 * matter. A colleague's session of the same role is another user.
 */
export function isOtherPrincipal({ evidence }: { readonly evidence: DoctorEvidence }): boolean {
  const asked = evidence.question?.principal;
  if (asked === undefined) return false;
  const caller = knownValue(evidence.callerIdentity)?.Arn;
  return caller === undefined || !isSamePrincipal(caller, asked) || isOtherSession(caller, asked);
}

function isOtherSession(caller: string, asked: string): boolean {
  const session = principalOfArn(asked)?.sessionName;
  return session !== undefined && session !== principalOfArn(caller)?.sessionName;
}
