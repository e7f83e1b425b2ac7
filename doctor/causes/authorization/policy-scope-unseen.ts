import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { allowedElsewhere } from "../../derive/authorization/access-reviews.ts";
import { describeRequest } from "../../derive/authorization/denial.ts";
import { minConfidence } from "../../derive/confidence.ts";
import { describeDenial, describeReach } from "../shared/denial-rule.ts";

/**
 * The policies cannot be seen, but the same request is allowed in another namespace, so the grant does not cover this one. If the
 * bindings are known, it is a policy's scope, since none of them is the grant (R4).
 */
export const policyScopeUnseen = defineRule({
  cause: "P1",
  expects: "requests that are allowed in one namespace are also allowed in this one",
  needs: ["deniedRequest"],
  check({ deniedRequest }, seen) {
    const { attempt, authorization, confidence } = deniedRequest;
    if (seen.symptom?.kind !== "forbidden") return doesNotApply("the API server did not deny a request");
    if (authorization.policies !== undefined) return doesNotApply("the access policies are known");
    if (seen.denial !== undefined) return doesNotApply(`a different cause is known (${seen.denial.causeId})`);
    const allowed = allowedElsewhere(attempt, seen.evidence);
    const [elsewhere] = allowed;
    if (elsewhere === undefined) return passed;
    const areBindingsKnown = authorization.bindings !== undefined;
    return found({
      confidence: minConfidence(confidence, areBindingsKnown ? "likely" : "possible"),
      inferred: true,
      describe: (facts) =>
        describeDenial(deniedRequest, facts, {
          summary: describeReach(
            facts.isOtherPrincipal ? (facts.principal?.arn ?? "The caller") : "You",
            attempt,
            allowed,
          ),
          evidence: [
            `The API server allows the caller to ${describeRequest({ ...attempt, namespace: elsewhere })}.`,
            areBindingsKnown
              ? "None of the caller's bindings grants it there, so an access policy does; its scope could not be read."
              : "Neither the associated access policies nor the bindings could be read.",
          ],
        }),
    });
  },
});
