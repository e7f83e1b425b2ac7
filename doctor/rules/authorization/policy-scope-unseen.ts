import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { allowedElsewhere } from "../../derive/authorization/access-reviews.ts";
import { classifyDenial } from "../../derive/authorization/classified-denial.ts";
import { deniedRequestOf, describeRequest } from "../../derive/authorization/denied-request.ts";
import { grantFixes } from "../../fixes/grant-fixes.ts";
import { denialFinding } from "../shared/denial-finding.ts";

/**
 * The policies cannot be seen, but the same is allowed in another namespace: the grant does not reach here. It is a
 * policy's scope where the bindings are known, since none of them is the grant (R4).
 */
export const policyScopeUnseen = defineLegacyRule({
  code: "policy-scope-unseen",
  stage: "authorization",
  causes: ["P1"],
  expects: "what is allowed in one namespace is allowed in the one that is asked for",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = facts.symptom?.kind === "forbidden" ? deniedRequestOf(facts) : undefined;
    if (refusal === undefined || classifyDenial(facts) !== undefined) return [];
    const { attempt, authorization } = refusal;
    const [elsewhere] = allowedElsewhere(attempt, facts.evidence);
    if (authorization.policies !== undefined || elsewhere === undefined) return [];
    const areBindingsKnown = authorization.bindings !== undefined;
    const finding = denialFinding(
      { ...refusal, causeId: "P1", policies: [] },
      {
        confidence: areBindingsKnown ? "likely" : "possible",
        summary: `The caller's grant does not reach namespace ${attempt.namespace}: the same is allowed in ${elsewhere}.`,
        evidence: [
          `The API server allows to ${describeRequest({ ...attempt, namespace: elsewhere })}.`,
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
