import { refusalOf, sayAttempt } from "../eks/refusal.ts";
import { refusalFinding } from "../eks/refusal-finding.ts";
import { refusalRow } from "../eks/refusal-row.ts";
import { allowedElsewhere } from "../facts/access-reviews.ts";
import { grantFixes } from "../fixes/grant-fixes.ts";
import { defineRule } from "../rule.ts";

/**
 * The policies cannot be seen, but the same is allowed in another namespace: the grant does not reach here. It is a
 * policy's scope where the bindings are known, since none of them is the grant (R4).
 */
export const policyScopeUnseen = defineRule({
  code: "policy-scope-unseen",
  causes: ["P1"],
  expects: "what is allowed in one namespace is allowed in the one that is asked for",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = facts.symptom?.kind === "forbidden" ? refusalOf(facts) : undefined;
    if (refusal === undefined || refusalRow(facts) !== undefined) return [];
    const { attempt, authorization } = refusal;
    const [elsewhere] = allowedElsewhere(attempt, facts.evidence);
    if (authorization.policies !== undefined || elsewhere === undefined) return [];
    const areBindingsKnown = authorization.bindings !== undefined;
    const finding = refusalFinding(
      { ...refusal, row: "P1", policies: [] },
      {
        confidence: areBindingsKnown ? "likely" : "possible",
        summary: `The caller's grant does not reach namespace ${attempt.namespace}: the same is allowed in ${elsewhere}.`,
        evidence: [
          `The API server allows to ${sayAttempt({ ...attempt, namespace: elsewhere })}.`,
          areBindingsKnown
            ? "No binding of the caller grants it there: an access policy does, and its scope could not be read."
            : "Neither the associated access policies nor the bindings could be read.",
        ],
        fixes: grantFixes(facts, attempt),
      },
    );
    return [{ ...finding, inferred: true }];
  },
});
