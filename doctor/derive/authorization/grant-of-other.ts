import type { Facts } from "../facts.ts";

/**
 * What allows another user's request: `AmazonEKSViewPolicy on namespaces web`. Undefined if the question is about the caller,
 * whose own call shows it; if the other's call is known to have failed; and if nothing is known to allow it.
 */
export function grantOfOther({
  isOtherPrincipal,
  symptom,
  authorization,
}: Pick<Facts, "isOtherPrincipal" | "symptom" | "authorization">): readonly string[] | undefined {
  if (!isOtherPrincipal || symptom !== undefined) return undefined;
  return authorization?.decision === "allowed" ? authorization.allowedBy : undefined;
}
