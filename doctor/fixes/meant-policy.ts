import { attemptOfCommand } from "../derive/authorization/attempt-of-command.ts";
import { namespaceMeant } from "../derive/authorization/namespace-meant.ts";
import type { Facts } from "../derive/facts.ts";
import { accessPolicyArn, associatePolicy, CLUSTER_SCOPE } from "./access-entry-actions.ts";
import type { AssociateAccessPolicy } from "./fix.ts";
import { smallestPolicy } from "./grant-fixes.ts";

type Meant = Pick<Facts, "target" | "attempt" | "question" | "context" | "isOtherPrincipal" | "eksCall">;

/**
 * Associates the smallest access policy that allows what was tried, in the namespace where it was tried, so that nobody gets more
 * than they wanted. The view policy, if it is not known what was tried, or no policy allows it.
 */
export function associateMeant(facts: Meant, principalArn: string): AssociateAccessPolicy {
  const { target } = facts;
  const { name, namespace } = meantPolicy(facts);
  return associatePolicy(target, principalArn, {
    policyArn: accessPolicyArn(target, name),
    accessScope: namespace === undefined ? CLUSTER_SCOPE : { type: "namespace", namespaces: [namespace] },
  });
}

/** `AmazonEKSViewPolicy in namespace web, the smallest for what was tried` */
export function sayMeant(facts: Meant): string {
  const { name, namespace, isEnough } = meantPolicy(facts);
  const where = namespace === undefined ? "on the whole cluster" : `in namespace ${namespace}`;
  return `${name} ${where}, the smallest ${isEnough ? "for what was tried" : "policy for viewing"}`;
}

function meantPolicy(facts: Meant) {
  // The context is that of the person who asks: it says nothing about somebody else, or about a call to EKS itself.
  const isForeign = facts.isOtherPrincipal || facts.eksCall?.operation !== undefined;
  const attempt = facts.attempt ?? (isForeign ? undefined : attemptOfCommand(facts));
  const smallest = attempt && smallestPolicy(attempt);
  const name = smallest ?? "AmazonEKSViewPolicy";
  const namespace = isForeign || attempt !== undefined ? attempt?.namespace : namespaceMeant(facts);
  return { name, namespace, isEnough: smallest !== undefined };
}
