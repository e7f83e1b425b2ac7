import { type DoctorEvidence, knownValue, type NetworkFacts } from "../../evidence/evidence.ts";
import { isOtherPrincipal } from "../failure/pre-auth-severity.ts";

/**
 * How a probe reached the API server from this machine; undefined where nobody tried, and where the question is about
 * somebody else, whose machine is another one.
 */
export function ownNetwork(evidence: DoctorEvidence): NetworkFacts | undefined {
  return isOtherPrincipal({ evidence }) ? undefined : knownValue(evidence.network);
}
