import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { type ClassifiedDenial, classifyDenial } from "../../derive/authorization/classified-denial.ts";
import { describeRequest } from "../../derive/authorization/denied-request.ts";
import { grantFixes, sayPolicy } from "../../fixes/grant-fixes.ts";
import { denialFinding } from "../shared/denial-finding.ts";

export const policyClusterScope = defineLegacyRule({
  code: "policy-cluster-scope",
  stage: "authorization",
  causes: ["P3"],
  expects: "what is asked of the whole cluster is granted on the whole cluster",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    if (refusal?.causeId !== "P3") return [];
    return [
      denialFinding(refusal, {
        summary: summary(refusal),
        evidence: [`Associated are ${refusal.policies.map(sayPolicy).join("; ")}.`],
        fixes: grantFixes(facts, refusal.attempt),
      }),
    ];
  },
});

function summary({ attempt, policies }: ClassifiedDenial): string {
  const bound = policies.filter(({ lacks }) => lacks === "cluster-scope");
  return bound.length > 0
    ? `A namespace scope never grants to ${describeRequest(attempt)}: ${bound.map(sayPolicy).join("; ")}.`
    : `No associated access policy contains the right to ${describeRequest(attempt)}.`;
}
