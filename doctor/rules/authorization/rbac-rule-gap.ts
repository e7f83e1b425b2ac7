import { defineRule } from "../../check/rule.ts";
import { classifyDenial } from "../../derive/authorization/classified-denial.ts";
import { describeRequest } from "../../derive/authorization/denied-request.ts";
import { grantFixes, sayPolicy } from "../../fixes/grant-fixes.ts";
import { denialFinding } from "../shared/denial-finding.ts";

export const rbacRuleGap = defineRule({
  code: "rbac-rule-gap",
  stage: "authorization",
  causes: ["R7"],
  expects:
    "a bound role or an access policy contains the verb, resource, subresource and API group that are asked for",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    if (refusal?.row !== "R7") return [];
    const { attempt, authorization, policies } = refusal;
    const bound = authorization.bindings?.filter(({ lacks }) => lacks === "rule");
    const roles = (bound ?? []).map(({ binding, role }) => `${role} through ${binding}`);
    const granted = [...roles, ...policies.map(sayPolicy)];
    return [
      denialFinding(refusal, {
        summary: `Nothing the caller is granted contains the right to ${describeRequest(attempt)}.`,
        evidence: [`What is granted is ${granted.join("; ")}.`],
        fixes: grantFixes(facts, attempt),
      }),
    ];
  },
});
