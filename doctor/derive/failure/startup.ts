import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { isOtherPrincipal } from "./pre-auth-severity.ts";
import type { FailureCase } from "./symptom.ts";

/**
 * Whether the call can have failed because the client could not read its kubeconfig, or the plugin did not return a token. Not if the
 * client reached the API server, since it then had what it sends. That the doctor reached it says nothing about the client.
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

/** Whether the call can have failed because the API server refused the identity. */
export function canCause401(facts: FailureCase): boolean {
  const kind = facts.symptom?.kind;
  return !isOtherPrincipal(facts) && (kind === undefined || kind === "unauthorized" || kind === "other");
}

/** Whether the API server now accepts the plugin's token. */
export function acceptsToken({ apiServer }: Pick<DoctorEvidence, "apiServer">): boolean {
  return knownValue(apiServer)?.status === 200;
}

/** Whether the API server saw a call without credentials. Source: doctor/EKS-ACCESS.md, "Other ways in". */
export function isAnonymous({ symptom }: Pick<FailureCase, "symptom">): boolean {
  return symptom?.kind === "forbidden" && symptom.user === "system:anonymous";
}
