import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { policyName } from "../../derive/authorization/access-policies.ts";
import { classifyDenial } from "../../derive/authorization/classified-denial.ts";
import { grantFixes, policyFix, sayPolicy } from "../../fixes/grant-fixes.ts";
import { denialFinding } from "../shared/denial-finding.ts";

const EDIT = "AmazonEKSEditPolicy";

export const policySecrets = defineLegacyRule({
  code: "policy-secrets",
  stage: "authorization",
  causes: ["P4"],
  expects: "an access policy that contains secrets is associated",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    if (refusal?.causeId !== "P4") return [];
    const { attempt, policies } = refusal;
    const smallest = grantFixes(facts, attempt);
    const isOffered = smallest.some(({ actions = [] }) =>
      actions.some(
        (action) => action.kind === "associate-access-policy" && policyName(action.policyArn) === EDIT,
      ),
    );
    return [
      denialFinding(refusal, {
        summary: `No associated access policy lets the caller ${attempt.verb} secrets: ${policies.map(({ name }) => name).join(", ")}.`,
        evidence: [
          `Associated are ${policies.map(sayPolicy).join("; ")}.`,
          "AmazonEKSViewPolicy contains everything a namespace holds but secrets.",
        ],
        fixes: [
          ...smallest,
          ...(isOffered || facts.mapping?.by !== "entry" ? [] : [policyFix(facts, attempt, EDIT)]),
        ],
      }),
    ];
  },
});
