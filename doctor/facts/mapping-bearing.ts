import { known } from "../evidence.ts";
import type { Confidence } from "../rule.ts";
import type { Facts } from "./facts.ts";
import { isAboutAnother } from "./gravity.ts";

/**
 * How sure a fault of mode or mapping, which a field proves, can be the reason of this failure. Undefined: the identity
 * was accepted, or it was an AWS call that failed, so that the cluster's mapping had no part in it. Without an answer of
 * the API server the fault would show only next: *likely*. How the caller's own call went says nothing about somebody
 * else.
 */
export function refusalConfidence({
  evidence,
  symptom,
}: Pick<Facts, "evidence" | "symptom">): Confidence | undefined {
  if (isAboutAnother({ evidence })) return "certain";
  switch (symptom?.kind) {
    case "none":
    case "forbidden":
    case "aws-refused":
      return undefined;
    case "no-answer":
      return "likely";
    case undefined:
      return known(evidence.selfSubjectReview) === undefined ? "certain" : undefined;
    case "unauthorized":
    case "plugin-failed":
    case "configuration":
    case "other":
      return "certain";
  }
}

/** The less sure of two. */
export function lessSure(one: Confidence, other: Confidence): Confidence {
  const order: readonly Confidence[] = ["certain", "likely", "possible"];
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}
