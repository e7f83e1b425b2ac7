import { grantMends, policyMend, sayPolicy } from "../eks/grant-mends.ts";
import { refusalFinding } from "../eks/refusal-finding.ts";
import { refusalRow } from "../eks/refusal-row.ts";
import { defineRule } from "../rule.ts";

const EDIT = "AmazonEKSEditPolicy";

export const policySecrets = defineRule({
  code: "policy-secrets",
  causes: ["P4"],
  expects: "an access policy that contains secrets is associated",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = refusalRow(facts);
    if (refusal?.row !== "P4") return [];
    const { attempt, policies } = refusal;
    const smallest = grantMends(facts, attempt);
    const isOffered = smallest.some(({ does }) => does.includes(EDIT));
    return [
      refusalFinding(refusal, {
        summary: `No associated access policy lets the caller ${attempt.verb} secrets: ${policies.map(({ name }) => name).join(", ")}.`,
        evidence: [
          `Associated are ${policies.map(sayPolicy).join("; ")}.`,
          "AmazonEKSViewPolicy contains everything a namespace holds but secrets.",
        ],
        mends: [
          ...smallest,
          ...(isOffered || facts.mapping?.by !== "entry" ? [] : [policyMend(facts, attempt, EDIT)]),
        ],
      }),
    ];
  },
});
