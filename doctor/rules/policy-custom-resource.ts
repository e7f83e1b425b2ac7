import { sayAttempt } from "../eks/refusal.ts";
import { refusalFinding } from "../eks/refusal-finding.ts";
import { refusalRow } from "../eks/refusal-row.ts";
import { grantFixes, sayPolicy } from "../fixes/grant-fixes.ts";
import { defineRule } from "../rule.ts";

export const policyCustomResource = defineRule({
  code: "policy-custom-resource",
  causes: ["P5"],
  expects:
    "custom resources are granted by RBAC, because the access policies for people know only built-in ones",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = refusalRow(facts);
    if (refusal?.row !== "P5") return [];
    const { attempt, policies } = refusal;
    return [
      refusalFinding(refusal, {
        summary: `The access policies contain built-in API groups only, and the attempt is to ${sayAttempt(attempt)}.`,
        evidence: [
          `Associated are ${policies.map(sayPolicy).join("; ")}.`,
          `The API group ${attempt.group} is in none of them.`,
        ],
        fixes: grantFixes(facts, attempt),
      }),
    ];
  },
});
