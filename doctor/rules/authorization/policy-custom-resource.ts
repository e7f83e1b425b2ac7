import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { classifyDenial } from "../../derive/authorization/classified-denial.ts";
import { describeRequest } from "../../derive/authorization/denied-request.ts";
import { grantFixes, sayPolicy } from "../../fixes/grant-fixes.ts";
import { denialFinding } from "../shared/denial-finding.ts";

export const policyCustomResource = defineLegacyRule({
  code: "policy-custom-resource",
  stage: "authorization",
  causes: ["P5"],
  expects:
    "custom resources are granted by RBAC, because the access policies for people know only built-in ones",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    if (refusal?.causeId !== "P5") return [];
    const { attempt, policies } = refusal;
    return [
      denialFinding(refusal, {
        summary: `The access policies contain built-in API groups only, and the attempt is to ${describeRequest(attempt)}.`,
        evidence: [
          `Associated are ${policies.map(sayPolicy).join("; ")}.`,
          `The API group ${attempt.group} is in none of them.`,
        ],
        fixes: grantFixes(facts, attempt),
      }),
    ];
  },
});
