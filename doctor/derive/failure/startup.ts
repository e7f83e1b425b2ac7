import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { isOtherPrincipal } from "./pre-auth-severity.ts";
import type { FailureCase } from "./symptom.ts";

/**
 * Whether a fault that keeps the client from reading its kubeconfig, or the plugin from giving a token, can be how the
 * call failed: not when the client reached the API server, for by then it had what it sends. That the doctor reached it
 * says nothing of the client.
 */
export function failsBeforeRequest(facts: FailureCase): boolean {
  if (isOtherPrincipal(facts)) return false;
  const { symptom } = facts;
  switch (symptom?.kind) {
    case undefined:
    case "plugin-failed":
    case "configuration":
    case "other":
      return true;
    case "none":
      return symptom.isProbed;
    default:
      return false;
  }
}

/** Whether a fault that makes the API server refuse the identity can be how the call failed. */
export function canCause401(facts: FailureCase): boolean {
  const kind = facts.symptom?.kind;
  return !isOtherPrincipal(facts) && (kind === undefined || kind === "unauthorized" || kind === "other");
}

/** Whether the API server accepts the plugin's token now. */
export function acceptsToken({ apiServer }: Pick<DoctorEvidence, "apiServer">): boolean {
  return knownValue(apiServer)?.status === 200;
}

/** Whether the API server took the call for one without credentials. Source: doctor/EKS-ACCESS.md, "Other ways in". */
export function isAnonymous({ symptom }: Pick<FailureCase, "symptom">): boolean {
  return symptom?.kind === "forbidden" && symptom.user === "system:anonymous";
}
