import { knownValue } from "../../evidence/evidence.ts";
import { isOtherPrincipal } from "../failure/pre-auth-severity.ts";
import type { MappingCase } from "./auth-failure-confidence.ts";

/** Programs that run under an identity of their own, which has to be asked about first (T6, T7, T11). */
const OWN_IDENTITY = /terraform|tofu|pulumi|^ci$|github|gitlab|jenkins|argo|flux/i;

/**
 * Whether enough is known to tell a missing permission from a wrong identity or a mapping in another place: who calls and why (client,
 * kubeconfig, environment), the cluster's mode, and aws-auth. Without any of these, a fault of mapping is never *certain*.
 */
export function hasContextForCertainty({
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
