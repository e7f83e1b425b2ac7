import { type AccessRequest, knownValue } from "../../evidence/evidence.ts";
import type { Confidence } from "../confidence.ts";
import { isOtherPrincipal } from "../failure/pre-auth-severity.ts";
import type { EffectiveContext } from "../kubeconfig/effective-context.ts";
import { minConfidence } from "../mapping/auth-failure-confidence.ts";
import type { AwsAuthMatch } from "../mapping/aws-auth.ts";
import type { MappingCase } from "../mapping/mapping.ts";
import { reviewOf } from "./access-reviews.ts";
import type { Authorization } from "./authorization.ts";
import { impersonationOf } from "./impersonation.ts";

/** What tells whether and why a request is denied. */
export interface AccessCase extends MappingCase {
  readonly context: EffectiveContext | undefined;
  readonly attempt: AccessRequest | undefined;
  readonly authorization: Authorization | undefined;
  readonly possibleCreator: AwsAuthMatch | undefined;
}

/** An attempt that is refused to somebody whose identity the cluster accepts. */
export interface DeniedRequest {
  readonly attempt: AccessRequest;
  readonly authorization: Authorization;
  /** The most that a finding about it may claim. */
  readonly confidence: Confidence;
  /** `The API server refuses it: …` */
  readonly said: string;
}

/**
 * The refused attempt, if authorisation is where it fails. Undefined when it is allowed or works; when the call failed
 * before that; when the refusal names somebody else, or an escalation, which are other faults.
 */
export function deniedRequestOf(facts: AccessCase): DeniedRequest | undefined {
  const { attempt, authorization } = facts;
  const symptom = isOtherPrincipal(facts) ? undefined : facts.symptom;
  if (attempt === undefined || authorization === undefined || authorization.decision === "allowed")
    return undefined;
  if (authorization.impersonated || impersonationOf(facts) !== undefined) return undefined;
  const confidence = authorization.decision === "denied" ? "certain" : "possible";
  const refusal = { attempt, authorization, said: said(facts, attempt) };
  switch (symptom?.kind) {
    case undefined:
      return { ...refusal, confidence: isTrimmed(facts) ? minConfidence(confidence, "likely") : confidence };
    case "forbidden":
      if (symptom.escalation) return undefined;
      return { ...refusal, confidence: minConfidence(confidence, ceiling(facts, attempt)) };
    case "other":
      return { ...refusal, confidence: minConfidence(confidence, "likely") };
    default:
      return undefined;
  }
}

/** No cluster is without RBAC objects: where nobody was refused yet, an empty list says that somebody left them out. */
function isTrimmed({ evidence, authorization }: AccessCase): boolean {
  return authorization?.asked === undefined && knownValue(evidence.rbac)?.items.length === 0;
}

/** `list pods in namespace web`, `get nodes at the cluster scope`, `get /metrics` */
export function describeRequest({
  verb,
  group = "",
  resource = "",
  subresource,
  namespace,
  name,
  path,
}: AccessRequest): string {
  if (path !== undefined) return `${verb} ${path}`;
  const full = [resource, ...(group === "" ? [] : [group])].join(".");
  const target = `${full}${subresource === undefined ? "" : `/${subresource}`}${name === undefined ? "" : ` ${name}`}`;
  return `${verb} ${target} ${namespace === undefined ? "at the cluster scope" : `in namespace ${namespace}`}`;
}

/**
 * Less than certain when a review says the opposite, when nothing confirms that the refused name is the caller's, or when
 * the caller may be a creator whose own line took full rights away.
 */
function ceiling(facts: AccessCase, attempt: AccessRequest): Confidence {
  const { evidence, mapping } = facts;
  const seen = knownValue(evidence.selfSubjectReview)?.status.userInfo.username;
  const isConfirmed = seen !== undefined || mapping?.username !== undefined;
  const isPlain = reviewOf(attempt, evidence) !== true && facts.possibleCreator === undefined;
  return isConfirmed && isPlain ? "certain" : "likely";
}

function said({ evidence, symptom }: AccessCase, attempt: AccessRequest): string {
  if (symptom?.kind === "forbidden" && !isOtherPrincipal({ evidence })) {
    return `The API server refused ${JSON.stringify(symptom.user)} to ${describeRequest(attempt)}.`;
  }
  return reviewOf(attempt, evidence) === false
    ? `A SelfSubjectAccessReview for "${describeRequest(attempt)}" says no.`
    : `Nothing among the access policies and role bindings allows to ${describeRequest(attempt)}.`;
}
