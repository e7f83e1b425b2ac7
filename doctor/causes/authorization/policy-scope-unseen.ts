import { defineRule } from "../../check/rule.ts";
import { doesNotApply, found, passed } from "../../check/verdict.ts";
import { allowedElsewhere } from "../../derive/authorization/access-reviews.ts";
import { describeRequest } from "../../derive/authorization/denied-request.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { describeDenial } from "../shared/denial-rule.ts";

/**
 * The policies cannot be seen, but the same request is allowed in another namespace, so the grant does not cover this one. If the
 * bindings are known, it is a policy's scope, since none of them is the grant (R4).
 */
export const policyScopeUnseen = defineRule({
  causes: ["P1"],
  expects: "requests that are allowed in one namespace are allowed in this one",
  needs: ["deniedRequest"],
  check({ deniedRequest }, seen) {
    const { attempt, authorization, confidence } = deniedRequest;
    if (seen.symptom?.kind !== "forbidden") return doesNotApply("the API server denied nothing");
    if (authorization.policies !== undefined) return doesNotApply("the access policies are known");
    if (seen.denial !== undefined) return doesNotApply(`another cause is known (${seen.denial.causeId})`);
    const [elsewhere] = allowedElsewhere(attempt, seen.evidence);
    if (elsewhere === undefined) return passed;
    const areBindingsKnown = authorization.bindings !== undefined;
    return found({
      confidence: minConfidence(confidence, areBindingsKnown ? "likely" : "possible"),
      inferred: true,
      describe: (facts) =>
        describeDenial(deniedRequest, facts, {
          summary: `The caller's grant does not reach namespace ${attempt.namespace}: the same is allowed in ${elsewhere}.`,
          evidence: [
            `The API server lets the caller ${describeRequest({ ...attempt, namespace: elsewhere })}.`,
            areBindingsKnown
              ? "No binding of the caller grants it there: an access policy does, and its scope could not be read."
              : "Neither the associated access policies nor the bindings could be read.",
          ],
        }),
    });
  },
});
