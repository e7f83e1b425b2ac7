import { sayAttempt } from "../eks/refusal.ts";
import { refusalFinding } from "../eks/refusal-finding.ts";
import { type RowedRefusal, refusalRow } from "../eks/refusal-row.ts";
import { grantFixes, sayPolicy } from "../fixes/grant-fixes.ts";
import { defineRule } from "../rule.ts";

export const policyClusterScope = defineRule({
  code: "policy-cluster-scope",
  causes: ["P3"],
  expects: "what is asked of the whole cluster is granted on the whole cluster",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = refusalRow(facts);
    if (refusal?.row !== "P3") return [];
    return [
      refusalFinding(refusal, {
        summary: summary(refusal),
        evidence: [`Associated are ${refusal.policies.map(sayPolicy).join("; ")}.`],
        fixes: grantFixes(facts, refusal.attempt),
      }),
    ];
  },
});

function summary({ attempt, policies }: RowedRefusal): string {
  const bound = policies.filter(({ lacks }) => lacks === "cluster-scope");
  return bound.length > 0
    ? `A namespace scope never grants to ${sayAttempt(attempt)}: ${bound.map(sayPolicy).join("; ")}.`
    : `No associated access policy contains the right to ${sayAttempt(attempt)}.`;
}
