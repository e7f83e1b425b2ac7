import { sayAttempt } from "../eks/refusal.ts";
import { refusalFinding } from "../eks/refusal-finding.ts";
import { refusalRow } from "../eks/refusal-row.ts";
import { grantFixes, sayPolicy } from "../fixes/grant-fixes.ts";
import { defineRule } from "../rule.ts";

export const rbacRuleGap = defineRule({
  code: "rbac-rule-gap",
  causes: ["R7"],
  expects:
    "a bound role or an access policy contains the verb, resource, subresource and API group that are asked for",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = refusalRow(facts);
    if (refusal?.row !== "R7") return [];
    const { attempt, authorization, policies } = refusal;
    const bound = authorization.bindings?.filter(({ lacks }) => lacks === "rule");
    const roles = (bound ?? []).map(({ binding, role }) => `${role} through ${binding}`);
    const granted = [...roles, ...policies.map(sayPolicy)];
    return [
      refusalFinding(refusal, {
        summary: `Nothing the caller is granted contains the right to ${sayAttempt(attempt)}.`,
        evidence: [`What is granted is ${granted.join("; ")}.`],
        fixes: grantFixes(facts, attempt),
      }),
    ];
  },
});
