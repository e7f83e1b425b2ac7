import { sentence } from "../../../token/command/sentence.ts";
import { associatedWith } from "../../derive/authorization/authorization.ts";
import type { Facts } from "../../derive/facts.ts";
import { formatPolicy, grantFixes } from "../../fixes/grant-fixes.ts";
import { canI } from "../../fixes/rbac-actions.ts";
import { defineDenialRule } from "../shared/denial-rule.ts";

/**
 * Each association of a policy replaces the scope of the previous one, so that a loop over namespaces leaves only the last. A
 * scope that was narrowed on purpose looks the same.
 */
export const policyScopeOverwritten = defineDenialRule({
  cause: {
    id: "P10",
    what: "Each association of the policy replaced the scope of the previous one.",
    seen: "only the last namespace works",
    remedy: "Cluster admin: list all namespaces in one association; each call replaces the previous scope.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html",
  },
  expects: "each access policy is associated once, with all its namespaces",
  confidence: () => "likely",
  explains: ["P1"],
  describe: ({ attempt, policies }, facts) => {
    const able = policies.filter(({ lacks }) => lacks === "scope");
    return {
      summary: `The access policy was associated again, so its scope is only the last namespace, not ${attempt.namespace} (associated: ${able.map(formatPolicy).join("; ")}).`,
      evidence: able.flatMap(({ name }) => sayDates(facts, name)),
      falsifiedBy: sentence`The policy was meant for that one namespace only, or ${canI(attempt)} prints yes.`,
      fixes: grantFixes(facts, attempt).map((fix) => ({
        ...fix,
        description: sentence`${fix.description} Add the other namespaces of the loop to the same list.`,
      })),
    };
  },
});

function sayDates({ evidence, mapping }: Facts, name: string): string[] {
  const association =
    mapping?.entry &&
    associatedWith(evidence, mapping.entry)?.find(({ policyArn }) => policyArn.endsWith(`/${name}`));
  if (association === undefined) return [];
  const { associatedAt, modifiedAt, accessScope } = association;
  return [
    `${name} was associated at ${associatedAt} and again at ${modifiedAt}; its only namespace is ${accessScope.namespaces?.join(", ")}.`,
  ];
}
