import { grantMends } from "../eks/grant-mends.ts";
import { refusalOf, sayAttempt } from "../eks/refusal.ts";
import { refusalFinding } from "../eks/refusal-finding.ts";
import { allowedElsewhere } from "../facts/access-reviews.ts";
import { defineRule } from "../rule.ts";

/** Policies and bindings cannot be seen, but the same is allowed in another namespace: the grant does not reach here. */
export const policyScopeUnseen = defineRule({
  code: "policy-scope-unseen",
  causes: ["P1"],
  expects: "what is allowed in one namespace is allowed in the one that is asked for",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = facts.symptom?.kind === "forbidden" ? refusalOf(facts) : undefined;
    if (refusal === undefined) return [];
    const { attempt, authorization } = refusal;
    if (authorization.policies !== undefined || authorization.bindings !== undefined) return [];
    const elsewhere = allowedElsewhere(attempt, facts.evidence);
    if (elsewhere.length === 0) return [];
    const finding = refusalFinding(
      { ...refusal, row: "P1", policies: [] },
      {
        confidence: "possible",
        summary: `The caller's grant does not reach namespace ${attempt.namespace}: the same is allowed in ${elsewhere.join(", ")}. Whether an access policy or a RoleBinding gives it could not be seen.`,
        evidence: [
          `The API server allows to ${sayAttempt({ ...attempt, namespace: elsewhere[0] ?? "" })}.`,
          "Neither the associated access policies nor the bindings could be read.",
        ],
        mends: grantMends(facts, attempt),
      },
    );
    return [{ ...finding, inferred: true }];
  },
});
