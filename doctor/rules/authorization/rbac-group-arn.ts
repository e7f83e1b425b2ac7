import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { classifyDenial } from "../../derive/authorization/classified-denial.ts";
import { bindingFixes } from "../../fixes/binding-fixes.ts";
import { denialFinding } from "../shared/denial-finding.ts";

export const rbacGroupArn = defineLegacyRule({
  code: "rbac-group-arn",
  stage: "authorization",
  causes: ["R2"],
  expects: "bindings name the groups that entries and aws-auth grant; no group is named after an ARN",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    if (refusal?.causeId !== "R2" || refusal.authorization.nearMiss === undefined) return [];
    const { subject, verdict } = refusal.authorization.nearMiss;
    return [
      denialFinding(refusal, {
        summary: `${verdict.binding} gives ${verdict.role} to a group named ${subject.name}, and nobody is ever in a group named after an ARN.`,
        evidence: [
          `${verdict.binding} has the subject Group ${subject.name}.`,
          "EKS puts a caller in the groups of its access entry or aws-auth line, and in no other.",
        ],
        fixes: bindingFixes(facts, refusal),
        explains: ["E5", "R1", "R7"],
      }),
    ];
  },
});
