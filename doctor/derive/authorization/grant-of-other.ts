import type { Facts } from "../facts.ts";

/**
 * What allows the request of somebody else: `AmazonEKSViewPolicy on namespaces web`. Undefined where the question is about
 * the caller, whose own call tells; where their call is known to have failed; and where nothing is known to allow it.
 */
export function grantOfOther({
  isOtherPrincipal,
  symptom,
  authorization,
}: Pick<Facts, "isOtherPrincipal" | "symptom" | "authorization">): readonly string[] | undefined {
  if (!isOtherPrincipal || symptom !== undefined) return undefined;
  return authorization?.decision === "allowed" ? authorization.allowedBy : undefined;
}
