import type { Mapping } from "../eks/mapping/mapping.ts";
import { knownValue } from "../evidence/evidence.ts";
import type { WorkingWay } from "./client/working-ways.ts";
import { type FailureCase, isOtherPrincipal } from "./failure/symptom.ts";

/**
 * How sure a finding is. *certain*: a field proves it, and nothing in the evidence contradicts it. *likely*: it is the best
 * explanation of what is seen. *possible*: it fits, but so do other explanations.
 */
export type Confidence = "certain" | "likely" | "possible";

/** What determines whether the cluster refuses the caller's identity. */
interface AuthFailureCase extends FailureCase {
  readonly workingWays: readonly WorkingWay[];
}

/** What determines whether a mapping has a part in the failure. */
export interface MappingCase extends AuthFailureCase {
  readonly authenticationMode: string | undefined;
  readonly mapping: Mapping | undefined;
}

/**
 * The confidence that a fault of the mode or mapping, proven by a field, is the cause of this failure. Undefined: the identity
 * was accepted, in this call or in another way, or it was an AWS call that failed, which does not depend on the cluster's
 * mapping. *likely* if the API server did not answer, since the fault would only show next; also if the identity gets in another
 * way, but perhaps to another cluster. How the caller's own call went says nothing about another user.
 */
export function authFailureConfidence(facts: AuthFailureCase): Confidence | undefined {
  if (isOtherPrincipal(facts)) return "certain";
  const own = facts.workingWays.filter(({ isSameIdentity }) => isSameIdentity === true);
  // The same identity gets in another way, so the cluster maps it.
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

/** The lower of two confidences. */
export function minConfidence(one: Confidence, other: Confidence): Confidence {
  const order: readonly Confidence[] = ["certain", "likely", "possible"];
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}

/** Programs that run under an identity of their own, which has to be asked about first (T6, T7, T11). */
const OWN_IDENTITY = /terraform|tofu|pulumi|^ci$|github|gitlab|jenkins|argo|flux/i;

/**
 * Whether enough is known to tell a missing permission from a wrong identity or a mapping in another place: who calls and why (client,
 * kubeconfig, environment), the cluster's mode, and aws-auth. Without any of these, a fault of mapping is never *certain*.
 */
export function knowsWhoCallsAndHow({
  evidence,
  authenticationMode,
  mapping,
}: Omit<MappingCase, "symptom">): boolean {
  const isClusterKnown = authenticationMode !== undefined && mapping?.awsAuth !== undefined;
  // The question itself names the principal.
  if (isOtherPrincipal({ evidence })) return isClusterKnown;
  const client = knownValue(evidence.client)?.name;
  const whoCalls =
    knownValue(evidence.kubeconfig) !== undefined && knownValue(evidence.environment) !== undefined;
  const isPerson = client !== undefined && !OWN_IDENTITY.test(client);
  return isPerson && whoCalls && isClusterKnown;
}
