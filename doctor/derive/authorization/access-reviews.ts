import {
  type AccessRequest,
  type AccessReviewJson,
  type DoctorEvidence,
  knownValue,
} from "../../evidence/evidence.ts";
import { type FailureCase, isOtherPrincipal } from "../failure/symptom.ts";

type Reviews = Pick<DoctorEvidence, "accessReviews">;

/**
 * The API server's own answer to a request: the denial of the call that failed, otherwise a review of the same request. Undefined: it
 * was not asked, or not about this principal. A refused escalation is no denial: the call itself was allowed, only its contents
 * were not.
 */
export function answerTo(attempt: AccessRequest, { evidence, symptom }: FailureCase): boolean | undefined {
  if (isOtherPrincipal({ evidence })) return undefined;
  if (symptom?.kind === "forbidden" && !symptom.escalation) {
    if (symptom.attempt !== undefined && isSameAttempt(symptom.attempt, attempt)) return false;
  }
  return reviewOf(attempt, evidence);
}

/** Reviews about the caller, not about a user whom the kubeconfig impersonates. */
export function ownReviews({ accessReviews }: Reviews): readonly AccessReviewJson[] {
  return (knownValue(accessReviews) ?? []).filter(({ as }) => as === undefined);
}

/**
 * The answer of a SelfSubjectAccessReview, which is about the caller. What is allowed for all names or in all namespaces is
 * allowed for a single one.
 */
export function reviewOf(attempt: AccessRequest, evidence: Reviews): boolean | undefined {
  const reviews = ownReviews(evidence);
  const same = reviews.find((review) => isSameAttempt(asAttempt(review), attempt));
  if (same !== undefined) return same.status.allowed;
  const { name: _name, ...unnamed } = attempt;
  const { namespace: _namespace, ...everywhere } = unnamed;
  const isWider = (review: AccessReviewJson) =>
    [unnamed, everywhere].some((wider) => isSameAttempt(asAttempt(review), wider));
  return reviews.some((review) => review.status.allowed && isWider(review)) ? true : undefined;
}

/** Other namespaces in which the API server allows the caller the same attempt. */
export function allowedElsewhere(attempt: AccessRequest, evidence: Reviews): string[] {
  if (attempt.namespace === undefined) return [];
  const { name: _name, ...unnamed } = attempt;
  return ownReviews(evidence).flatMap((review) => {
    const { namespace = "" } = asAttempt(review);
    const isSame = isSameAttempt(asAttempt(review), { ...unnamed, namespace });
    return review.status.allowed && isSame && !["", attempt.namespace].includes(namespace) ? [namespace] : [];
  });
}

/** Other requests in the same namespace that the API server allows the caller. */
export function allowedBeside(attempt: AccessRequest, evidence: Reviews): AccessRequest[] {
  return ownReviews(evidence).flatMap((review) => {
    const other = asAttempt(review);
    const isHere = (other.namespace ?? "") === (attempt.namespace ?? "");
    return review.status.allowed && isHere && !isSameAttempt(other, attempt) ? [other] : [];
  });
}

/** Whether two attempts ask for the same; an empty group, name or namespace counts as absent. */
export function isSameAttempt(one: AccessRequest, other: AccessRequest): boolean {
  const fields = ["verb", "group", "resource", "subresource", "namespace", "name", "path"] as const;
  return fields.every((field) => (one[field] ?? "") === (other[field] ?? ""));
}

function asAttempt({ spec }: AccessReviewJson): AccessRequest {
  const { nonResourceAttributes, resourceAttributes } = spec;
  if (nonResourceAttributes !== undefined) {
    const { verb = "", path = "" } = nonResourceAttributes;
    return { verb, path };
  }
  return { ...resourceAttributes, verb: resourceAttributes?.verb ?? "" };
}
