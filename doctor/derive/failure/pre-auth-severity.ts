import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { isSamePrincipal, principalOfArn } from "../identity/principal.ts";
import type { FailureCase } from "./symptom.ts";

/** Whether a finding explains a failure, or is worth knowing before the next one. */
export type Severity = "error" | "warning";

/**
 * How grave a fault of credentials, trust or token is, seen from the way the call failed: an *error* where it can have
 * failed so, or nobody knows how it failed; a *warning* where the call did not get that far, so that the fault would show
 * next. Undefined where it cannot be: the identity was accepted, or the question is about somebody else.
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
 * Whether the question names a principal that is not the caller: then the caller's kubeconfig, credentials and token are
 * beside the point. A colleague's session of the same role is somebody else.
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
