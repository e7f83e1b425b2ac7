import type { AwsAuthMatch } from "../../eks/aws-auth/aws-auth.ts";
import { apiResource } from "../../eks/rbac/api-resources.ts";
import { type AccessRequest, type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import type { Confidence } from "../confidence.ts";
import { isOtherPrincipal } from "../failure/pre-auth-severity.ts";
import type { Symptom } from "../failure/symptom.ts";
import type { MappingCase } from "../mapping/auth-failure-confidence.ts";
import { minConfidence } from "../mapping/auth-failure-confidence.ts";
import { reviewOf } from "./access-reviews.ts";
import type { Authorization } from "./authorization.ts";
import type { Impersonation } from "./impersonation.ts";

/** What determines whether and why a request is denied. */
export interface AccessCase extends MappingCase {
  readonly attempt: AccessRequest | undefined;
  readonly authorization: Authorization | undefined;
  readonly impersonation: Impersonation | undefined;
  readonly possibleCreator: AwsAuthMatch | undefined;
}

/** A request that is denied to an identity that the cluster accepts. */
export interface DeniedRequest {
  readonly attempt: AccessRequest;
  readonly authorization: Authorization;
  /** The highest confidence that a finding about it may have. */
  readonly confidence: Confidence;
  /** `The API server does not allow "ada" to list pods in namespace web.` */
  readonly statement: string;
}

/**
 * The denied request, if the call fails at authorization. Undefined if it is allowed or works; if the call failed before that; if
 * another user or an escalation is denied, which are other faults.
 */
export function deniedRequestOf(facts: AccessCase): DeniedRequest | undefined {
  const { attempt } = facts;
  const symptom = isOtherPrincipal(facts) ? undefined : facts.symptom;
  if (attempt === undefined || !canBeDenial(symptom)) return undefined;
  const { authorization } = facts;
  if (authorization === undefined || authorization.decision === "allowed") return undefined;
  if (authorization.impersonated || facts.impersonation !== undefined) return undefined;
  const request = { attempt, authorization };
  const confidence = authorization.decision === "denied" ? "certain" : "possible";
  return {
    ...request,
    confidence: minConfidence(confidence, maxConfidence(facts, request, symptom)),
    statement: sayDenial(request, symptom),
  };
}

function canBeDenial(symptom: Symptom | undefined): boolean {
  if (symptom?.kind === "forbidden") return !symptom.escalation;
  return symptom === undefined || symptom.kind === "other";
}

type Request = Pick<DeniedRequest, "attempt" | "authorization">;

function maxConfidence(facts: AccessCase, request: Request, symptom: Symptom | undefined): Confidence {
  if (symptom === undefined) return isTrimmed(facts.evidence, request) ? "likely" : "certain";
  return symptom.kind === "forbidden" && isPlain(facts, request) ? "certain" : "likely";
}

/** No cluster is without RBAC objects: if nothing was denied yet, an empty list means that someone left them out. */
function isTrimmed(evidence: DoctorEvidence, { authorization }: Request): boolean {
  return authorization.asked === undefined && knownValue(evidence.rbac)?.items.length === 0;
}

/**
 * False if a review says the opposite, if nothing confirms that the denied name is the caller's, or if the caller may be a
 * creator whose own line replaced their full permissions.
 */
function isPlain(facts: AccessCase, { attempt }: Request): boolean {
  const { evidence } = facts;
  const seen = knownValue(evidence.selfSubjectReview)?.status.userInfo.username;
  const isConfirmed = seen !== undefined || facts.mapping?.username !== undefined;
  return isConfirmed && reviewOf(attempt, evidence) !== true && facts.possibleCreator === undefined;
}

function sayDenial({ attempt, authorization }: Request, symptom: Symptom | undefined): string {
  const request = describeRequest(attempt);
  if (symptom?.kind === "forbidden")
    return `The API server does not allow ${JSON.stringify(symptom.user)} to ${request}.`;
  return authorization.asked === false
    ? `A SelfSubjectAccessReview denies "${request}".`
    : `No access policy or role binding allows the caller to ${request}.`;
}

/** `list pods in namespace web`, `list pods in all namespaces`, `get nodes at the cluster scope`, `get /metrics` */
export function describeRequest(request: AccessRequest): string {
  const { verb, group = "", resource = "", subresource, name, path } = request;
  if (path !== undefined) return `${verb} ${path}`;
  const full = [resource, ...(group === "" ? [] : [group])].join(".");
  const target = `${full}${subresource === undefined ? "" : `/${subresource}`}${name === undefined ? "" : ` ${name}`}`;
  return `${verb} ${target} ${placeOf(request)}`;
}

/** The API server says “at the cluster scope” for both: objects that are not namespaced, and requests for all namespaces. */
function placeOf({ namespace, group, resource = "" }: AccessRequest): string {
  if (namespace !== undefined) return `in namespace ${namespace}`;
  const known = apiResource(resource);
  const isKnown = group === undefined || group === known?.group || group === METRICS;
  return isKnown && known?.namespaced === true ? "in all namespaces" : "at the cluster scope";
}

/**
 * Its pods and nodes are namespaced like those of the core group. Source: Kubernetes, metrics API, PodMetrics and NodeMetrics.
 */
const METRICS = "metrics.k8s.io";
