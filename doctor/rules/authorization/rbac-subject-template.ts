import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { classifyDenial } from "../../derive/authorization/classified-denial.ts";
import { bindingFixes } from "../../fixes/binding-fixes.ts";
import { denialFinding } from "../shared/denial-finding.ts";

export const rbacSubjectTemplate = defineLegacyRule({
  code: "rbac-subject-template",
  stage: "authorization",
  causes: ["R10"],
  expects: "no binding holds a template: only access entries and aws-auth fill them",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    if (refusal?.causeId !== "R10" || refusal.authorization.nearMiss === undefined) return [];
    const { subject, verdict } = refusal.authorization.nearMiss;
    return [
      denialFinding(refusal, {
        confidence: "likely",
        summary: `${verdict.binding} names ${subject.kind} ${subject.name}, and RBAC takes the braces as they stand.`,
        evidence: [`${verdict.binding} gives ${verdict.role} to ${subject.kind} ${subject.name}.`],
        fixes: bindingFixes(facts, refusal),
        explains: ["E5", "R1", "R7"],
      }),
    ];
  },
});
