import { type DoctorEvidence, knownValue, type NetworkFacts } from "../../evidence/evidence.ts";
import { isOtherPrincipal } from "../failure/pre-auth-severity.ts";

/**
 * How a probe reached the API server from this machine; undefined if no one tried, or if the question is about another user, who
 * uses another machine.
 */
export function ownNetwork(evidence: DoctorEvidence): NetworkFacts | undefined {
  return isOtherPrincipal({ evidence }) ? undefined : knownValue(evidence.network);
}
