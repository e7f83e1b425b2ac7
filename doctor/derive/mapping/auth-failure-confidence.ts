import { knownValue } from "../../evidence/evidence.ts";
import type { WorkingWay } from "../client/working-ways.ts";
import type { Confidence } from "../confidence.ts";
import { isOtherPrincipal } from "../failure/pre-auth-severity.ts";
import type { FailureCase } from "../failure/symptom.ts";

/** What tells whether the cluster refuses the caller's identity. */
export interface AuthFailureCase extends FailureCase {
  readonly workingWays: readonly WorkingWay[];
}

/**
 * How sure a fault of mode or mapping, which a field proves, can be the reason of this failure. Undefined: the identity
 * was accepted, then or another way, or it was an AWS call that failed, so that the cluster's mapping had no part in it.
 * Without an answer of the API server the fault would show only next: *likely*, as where the identity gets in another way
 * and nobody says that it was this cluster. How the caller's own call went says nothing about somebody else.
 */
export function authFailureConfidence(facts: AuthFailureCase): Confidence | undefined {
  if (isOtherPrincipal(facts)) return "certain";
  const own = facts.workingWays.filter(({ isSameIdentity }) => isSameIdentity === true);
  // The same identity gets in another way: then the cluster maps it.
  if (own.some(({ namesCluster }) => namesCluster)) return undefined;
  const confidence = ownFailureConfidence(facts);
  return own.length === 0 ? confidence : confidence && minConfidence(confidence, "likely");
}

function ownFailureConfidence(facts: AuthFailureCase): Confidence | undefined {
  switch (facts.symptom?.kind) {
    case "none":
    case "forbidden":
    case "aws-refused":
      return undefined;
    case "unreachable":
      return "likely";
    case undefined:
      return knownValue(facts.evidence.selfSubjectReview) === undefined ? "certain" : undefined;
    case "unauthorized":
    case "plugin-failed":
    case "configuration":
    case "other":
      return "certain";
  }
}

/** The less sure of two. */
export function minConfidence(one: Confidence, other: Confidence): Confidence {
  const order: readonly Confidence[] = ["certain", "likely", "possible"];
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}
