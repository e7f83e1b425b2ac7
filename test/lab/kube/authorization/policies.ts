import type { AccessEntry, AssociatedPolicy } from "../../model.ts";
import { ACCESS_POLICIES } from "../access-policies.ts";
import { type Attributes, type Decision, isPath } from "./attributes.ts";
import { ruleAllows } from "./rule-match.ts";

/**
 * Asks the access policies associated with an entry. They only allow, and they add up. A namespace scope never
 * reaches cluster-scoped objects, lists over all namespaces, or paths.
 *
 * Source: doctor/EKS-ACCESS.md, "Access scope", "Reviews". The reason is worded as in EKS audit logs; there the user is
 * the principal's unique id.
 */
export function askPolicies(entry: AccessEntry | undefined, asked: Attributes): Decision {
  for (const policy of entry?.policies ?? []) {
    const rules = ACCESS_POLICIES[policy.policyArn.split("/").at(-1) ?? ""] ?? [];
    if (inScope(policy, asked) && rules.some((rule) => ruleAllows(rule, asked))) {
      return { allowed: true, reason: reasonOf(entry, policy) };
    }
  }
  return { allowed: false, reason: "" };
}

function inScope({ accessScope }: AssociatedPolicy, asked: Attributes): boolean {
  if (accessScope.type === "cluster") return true;
  if (isPath(asked) || asked.namespace === "") return false;
  return accessScope.namespaces.some((pattern) => globMatches(pattern, asked.namespace));
}

/** `*` stands for any text, so `dev-*` is not `dev`. */
function globMatches(pattern: string, text: string): boolean {
  const source = pattern.split("*").map((part) => part.replaceAll(/[.?+^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`).test(text);
}

function reasonOf(entry: AccessEntry | undefined, { policyArn, accessScope }: AssociatedPolicy): string {
  const binding = accessScope.type === "cluster" ? "ClusterRoleBinding" : "RoleBinding";
  return `EKS Access Policy: allowed by ${binding} "${entry?.principalArn}+${policyArn}" of ClusterRole "${policyArn}" to User "${entry?.principalId}"`;
}
