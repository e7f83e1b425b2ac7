/**
 * Everything that a diagnosis may know, in one serializable bundle: what probes gather, or what someone puts together from the
 * output of `aws` and `kubectl`. It has AWS's and Kubernetes' own JSON, as they print it. Every part may be absent (no one
 * looked) or failed (someone looked and was refused): neither ever means "there is none".
 *
 * A bundle has no secrets: no key, token, signature or session token. The types follow from `parts.ts`, which describes every
 * part, as EVIDENCE.md does.
 */

import type { TypeOf } from "../../token/schema.ts";
import type { FAILED } from "./part.ts";
import type { EVIDENCE_SCHEMA, ExcerptPart } from "./parts.ts";
import { noteFailed } from "./reads.ts";
import type * as aws from "./schema/aws-shapes.ts";
import type * as kubernetes from "./schema/kubernetes-shapes.ts";
import type * as probe from "./schema/probe-shapes.ts";
import type * as told from "./schema/told-shapes.ts";

export type DoctorEvidence = TypeOf<typeof EVIDENCE_SCHEMA>;

/** Why a part could not be obtained, in one printable line: `AccessDeniedException: … not authorized to perform …`. */
export type Failed = TypeOf<typeof FAILED>;

/** A part of the bundle: what was found, or why it could not be obtained. */
export type Part<T> = T | Failed;

export type Question = TypeOf<typeof told.QUESTION>;
/** One request to the API server. An empty group is the core group; without a namespace it is for the whole cluster. */
export type AccessRequest = TypeOf<typeof told.ATTEMPT>;
export type Client = TypeOf<typeof told.CLIENT>;
/** What came of the failed call when it was made in another way. */
export type Observation = TypeOf<typeof told.OBSERVATION>;
export type ClusterCreator = TypeOf<typeof told.CREATOR>;
export type Workload = TypeOf<typeof told.WORKLOAD>;
export type SecurityGroupJson = TypeOf<typeof aws.SECURITY_GROUP>;
export type RouteJson = TypeOf<typeof aws.ROUTE>;
export type RouteTableJson = TypeOf<typeof aws.ROUTE_TABLE>;
export type TextFile = TypeOf<typeof told.TEXT_FILE>;
export type Kubeconfig = TypeOf<typeof told.KUBECONFIG>;
export type ExecCommand = TypeOf<typeof probe.EXEC_COMMAND>;
export type PluginRun = TypeOf<typeof probe.PLUGIN_RUN>;
export type SourceFile = TypeOf<typeof probe.SOURCE_FILE>;
export type TokenFacts = TypeOf<typeof probe.TOKEN>;
export type CallerIdentity = TypeOf<typeof probe.CALLER>;
export type TokenNameTest = TypeOf<typeof probe.TOKEN_NAME>;
export type VouchFacts = TypeOf<typeof probe.VOUCH>;
export type ClockReading = TypeOf<typeof probe.CLOCK>;
export type NetworkFacts = TypeOf<typeof probe.NETWORK>;
export type ApiServerAnswer = TypeOf<typeof probe.API_SERVER>;

export type ClusterJson = TypeOf<typeof aws.CLUSTER>;
export type AccessEntryJson = TypeOf<typeof aws.ACCESS_ENTRY>;
export type AssociatedPoliciesJson = TypeOf<typeof aws.ASSOCIATED_POLICIES>;
export type RoleJson = TypeOf<typeof aws.ROLE>;
export type ConfigMapJson = TypeOf<typeof kubernetes.CONFIG_MAP>;
export type SelfSubjectReviewJson = TypeOf<typeof kubernetes.SELF_SUBJECT_REVIEW>;
export type AccessReviewJson = TypeOf<typeof kubernetes.ACCESS_REVIEW>;
/** A ClusterRole, Role, ClusterRoleBinding or RoleBinding. */
export type RbacObjectJson = TypeOf<typeof kubernetes.RBAC_OBJECT>;
export type LabelSelectorJson = TypeOf<typeof kubernetes.LABEL_SELECTOR>;
export type RbacRuleJson = TypeOf<typeof kubernetes.RBAC_RULE>;

/** The value of a part; undefined if it is absent or failed, which is recorded as missing. */
export function knownValue<T>(part: Part<T> | undefined): T | undefined {
  if (!isFailed(part)) return part;
  noteFailed(part);
  return undefined;
}

/** Whether a part is known to be an excerpt: what is not in it may exist all the same. */
export function isExcerpt(
  { excerpts = [] }: { readonly excerpts?: DoctorEvidence["excerpts"] | undefined },
  part: ExcerptPart,
): boolean {
  return excerpts.includes(part);
}

/** Whether a part is an excerpt, or its answer has a token for more items, from `--max-items` or from the API itself. */
export function hasMore<P extends ExcerptPart>(
  evidence: Pick<DoctorEvidence, "excerpts" | P>,
  part: P,
): boolean {
  return isExcerpt(evidence, part) || isFirstPage(evidence[part]);
}

function isFirstPage(answer: unknown): boolean {
  if (typeof answer !== "object" || answer === null) return false;
  return Object.entries(answer).some(
    ([key, value]) =>
      (key.toLowerCase() === "nexttoken" && typeof value === "string") ||
      (key === "IsTruncated" && value === true),
  );
}

/** Why a part could not be obtained; undefined if it was found or is absent. */
export function failureOf(part: unknown): string | undefined {
  return isFailed(part) ? part.failed : undefined;
}

function isFailed(part: unknown): part is Failed {
  return typeof part === "object" && part !== null && "failed" in part && typeof part.failed === "string";
}
