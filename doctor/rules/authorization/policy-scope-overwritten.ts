import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { associatedWith } from "../../derive/authorization/authorization.ts";
import { classifyDenial } from "../../derive/authorization/classified-denial.ts";
import type { Facts } from "../../derive/facts.ts";
import { grantFixes, sayPolicy } from "../../fixes/grant-fixes.ts";
import { kubectl } from "../../fixes/kubectl.ts";
import { denialFinding } from "../shared/denial-finding.ts";

/**
 * Each association of a policy replaces the scope of the one before, so a loop over namespaces leaves only the last. That
 * somebody narrowed it on purpose looks the same.
 */
export const policyScopeOverwritten = defineLegacyRule({
  code: "policy-scope-overwritten",
  stage: "authorization",
  causes: ["P10"],
  expects: "each access policy is associated once, with all its namespaces",
  needs: ["authorization", "attempt", "mapping"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    if (refusal?.causeId !== "P10") return [];
    const { attempt, policies } = refusal;
    const able = policies.filter(({ lacks }) => lacks === "scope");
    return [
      denialFinding(refusal, {
        confidence: "likely",
        summary: `The access policy was associated again and reaches only its last namespace, not ${attempt.namespace}: ${able.map(sayPolicy).join("; ")}.`,
        evidence: able.flatMap(({ name }) => sayDates(facts, name)),
        falsifiedBy: sentence`Whoever associated the policy meant that one namespace and no other; or ${kubectl("auth can-i", { n: attempt.namespace }, attempt.verb, attempt.resource ?? "")} says yes.`,
        fixes: grantFixes(facts, attempt).map((fix) => ({
          ...fix,
          description: sentence`${fix.description} Add every other namespace that the loop was to grant, all in one list.`,
        })),
        explains: ["P1"],
      }),
    ];
  },
});

function sayDates({ evidence, mapping }: Facts, name: string): string[] {
  const association =
    mapping?.entry &&
    associatedWith(evidence, mapping.entry)?.find(({ policyArn }) => policyArn.endsWith(`/${name}`));
  if (association === undefined) return [];
  const { associatedAt, modifiedAt, accessScope } = association;
  return [
    `${name} was associated at ${associatedAt} and again at ${modifiedAt}; its one namespace is ${accessScope.namespaces?.join(", ")}.`,
  ];
}
