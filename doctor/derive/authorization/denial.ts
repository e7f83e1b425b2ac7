import type { AwsAuthMatch } from "../../eks/aws-auth/aws-auth.ts";
import { awsDate } from "../../eks/mapping/aws-date.ts";
import { nearGlob } from "../../eks/rbac/access-policies.ts";
import { apiResource } from "../../eks/rbac/api-resources.ts";
import type { Miss } from "../../eks/rbac/binding-near-misses.ts";
import { rbacOf } from "../../eks/rbac/rbac-index.ts";
import { type AccessRequest, type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { isHelm } from "../client/client-kind.ts";
import { type Confidence, type MappingCase, minConfidence } from "../confidence.ts";
import { isOtherPrincipal, type Symptom } from "../failure/symptom.ts";
import { reviewOf } from "./access-reviews.ts";
import { type Authorization, associatedWith, type PolicyVerdict } from "./authorization.ts";
import type { Impersonation } from "./impersonation.ts";

/** What determines whether and why a request is denied. */
interface AccessCase extends MappingCase {
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
    statement: stateDenial(request, symptom),
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

function stateDenial({ attempt, authorization }: Request, symptom: Symptom | undefined): string {
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

/** The causes that a denied request can have; at most one is named per request. */
export type DenialCause =
  | ("P1" | "P2" | "P3" | "P4" | "P5" | "P10" | "P13" | "T2")
  | ("R1" | "R2" | "R3" | "R4" | "R5" | "R6" | "R7" | "R8" | "R10");

/** A denied request, with the one cause that explains it. */
export interface ClassifiedDenial extends DeniedRequest {
  readonly causeId: DenialCause;
  /** The associated policies, without those whose contents AWS does not publish. */
  readonly policies: readonly PolicyVerdict[];
}

const CAUSE_OF_MISS: Readonly<Record<Miss, DenialCause>> = {
  "arn-group": "R2",
  session: "R3",
  kind: "R6",
  "oidc-prefix": "R8",
  template: "R10",
  spelling: "R1",
};

/** Undefined if no cause is known, or if nothing at all is granted (E5). */
export function classifyDenial(
  facts: AccessCase & { readonly deniedRequest: DeniedRequest | undefined },
): ClassifiedDenial | undefined {
  const request = facts.deniedRequest;
  if (request === undefined) return undefined;
  const causeId = causeOf(facts, request);
  if (causeId === undefined) return undefined;
  return {
    ...request,
    causeId,
    get policies() {
      return publishedPolicies(request.authorization);
    },
  };
}

/**
 * In this order: a binding that was plainly meant for the request and misses it by its role, namespace or subject; the access
 * policies, by their scope, then by their contents; groups that no binding names; a bound role that lacks the rule.
 */
function causeOf(facts: AccessCase, { attempt, authorization }: DeniedRequest): DenialCause | undefined {
  const { bindings, nearMiss } = authorization;
  const here = bindings?.filter(
    ({ namespace }) => namespace === undefined || namespace === attempt.namespace,
  );
  if (here?.some(({ lacks }) => lacks === "role-missing")) return "R5";
  if (bindings?.some(({ lacks }) => lacks === "namespace")) return "R4";
  if (nearMiss !== undefined) return CAUSE_OF_MISS[nearMiss.miss];
  const policies = publishedPolicies(authorization);
  if (policies.length > 0)
    return authorization.allowedBy.length > 0 ? undefined : policyCause(facts, attempt, policies);
  if (authorization.policies === undefined || bindings === undefined || authorization.allowedBy.length > 0)
    return undefined;
  // An entry without any group grants nothing by itself (E5).
  if (authorization.policies.length + bindings.length === 0)
    return facts.mapping?.by !== "entry" || unboundGroups(facts).length > 0 ? "R1" : undefined;
  return isForHelm(facts, attempt) ? "T2" : "R7";
}

/** The caller's own groups that no binding names. Empty if RBAC or the groups are not known. */
export function unboundGroups({ authorization, evidence }: AccessCase): string[] {
  const rbac = rbacOf(evidence);
  if (rbac === undefined) return [];
  const bound = new Set(
    rbac.bindings.flatMap(({ subjects = [] }) =>
      subjects.flatMap(({ kind, name }) => (kind === "Group" ? [name] : [])),
    ),
  );
  return (authorization?.groups ?? []).filter(
    (group) => group !== "system:authenticated" && !bound.has(group),
  );
}

function publishedPolicies({ policies }: Authorization): PolicyVerdict[] {
  return policies?.filter(({ lacks }) => lacks !== "unknown") ?? [];
}

function policyCause(
  facts: AccessCase,
  attempt: AccessRequest,
  policies: readonly PolicyVerdict[],
): DenialCause {
  const { namespace = "" } = attempt;
  const outOfScope = policies.filter(({ lacks }) => lacks === "scope");
  if (outOfScope.length > 0) {
    if (outOfScope.some(({ scope }) => scope !== "cluster" && nearGlob(scope, namespace) !== undefined))
      return "P2";
    return outOfScope.some((policy) => wasOverwritten(facts, policy)) ? "P10" : "P1";
  }
  if (policies.some(({ lacks }) => lacks === "cluster-scope")) return "P3";
  const kind = requestKind(facts, attempt);
  if (kind === "cluster-wide" || kind === "plain") return lacksClusterWide(attempt, policies) ? "P3" : "R7";
  return CAUSE_OF_KIND[kind];
}

/** What a request is for, as far as this determines which access policies contain it. */
export type RequestKind = "helm" | "secrets" | "tools" | "custom" | "cluster-wide" | "plain";

const CAUSE_OF_KIND = { helm: "T2", secrets: "P4", tools: "P13", custom: "P5" } as const;

export function requestKind(facts: Pick<AccessCase, "evidence">, attempt: AccessRequest): RequestKind {
  if (isForHelm(facts, attempt)) return "helm";
  if (isCore(attempt) && attempt.resource === "secrets") return "secrets";
  if (isForTools(facts, attempt)) return "tools";
  // Custom resources, and their definitions.
  if (attempt.path === undefined && !BUILT_IN_GROUP.test(attempt.group ?? "")) return "custom";
  return isClusterWide(attempt) ? "cluster-wide" : "plain";
}

/** Whether a policy has one namespace and was associated again after the first time, as a loop over namespaces does. */
function wasOverwritten({ evidence, mapping }: AccessCase, { name, scope }: PolicyVerdict): boolean {
  if (mapping?.entry === undefined || scope === "cluster" || scope.length !== 1) return false;
  const association = associatedWith(evidence, mapping.entry)?.find(({ policyArn }) =>
    policyArn.endsWith(`/${name}`),
  );
  const [first, last] = [awsDate(association?.associatedAt), awsDate(association?.modifiedAt)];
  return first !== undefined && last !== undefined && last > first;
}

/**
 * Helm keeps releases in secrets, and `--create-namespace` asks to create the namespace even if it exists. Source:
 * doctor/EKS-ACCESS.md, "Helm".
 */
function isForHelm(facts: Pick<AccessCase, "evidence">, attempt: AccessRequest): boolean {
  return isCore(attempt) && ["secrets", "namespaces"].includes(attempt.resource ?? "") && isHelm(facts);
}

function isCore({ group = "", path }: AccessRequest): boolean {
  return group === "" && path === undefined;
}

/**
 * What `kubectl top`, `debug`, `drain`, `create token` and leader election need.
 * Source: doctor/EKS-ACCESS.md, "Access policies".
 */
function isForTools(
  { evidence }: Pick<AccessCase, "evidence">,
  { group = "", resource, subresource }: AccessRequest,
): boolean {
  if (group === "metrics.k8s.io" || (group === "coordination.k8s.io" && resource === "leases")) return true;
  const command = evidence.question?.command ?? "";
  if (/\bkubectl\b/.test(command) && /\b(?:drain|cordon|uncordon)\b/.test(command)) return true;
  return ["pods/eviction", "pods/ephemeralcontainers", "serviceaccounts/token"].includes(
    `${resource}/${subresource}`,
  );
}

/** API groups of Kubernetes itself. Source: Kubernetes API reference, 1.33. */
const BUILT_IN_GROUP =
  /^(?:|apps|autoscaling|batch|extensions|policy|(?:admissionregistration|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage|storagemigration)\.k8s\.io)$/;

function lacksClusterWide(attempt: AccessRequest, policies: readonly PolicyVerdict[]): boolean {
  if (!isClusterWide(attempt)) return false;
  return attempt.resource === "namespaces" || policies.every(({ lacks }) => lacks === "resource");
}

function isClusterWide({ resource = "", namespace, path }: AccessRequest): boolean {
  return path === undefined && (apiResource(resource)?.namespaced === false || namespace === undefined);
}
