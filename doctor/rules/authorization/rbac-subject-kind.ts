import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { classifyDenial } from "../../derive/authorization/classified-denial.ts";
import { bindingFixes } from "../../fixes/binding-fixes.ts";
import { denialFinding } from "../shared/denial-finding.ts";

export const rbacSubjectKind = defineLegacyRule({
  code: "rbac-subject-kind",
  stage: "authorization",
  causes: ["R6"],
  expects: "bindings name users as User and groups as Group",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    if (refusal?.causeId !== "R6" || refusal.authorization.nearMiss === undefined) return [];
    const { meant, subject, verdict } = refusal.authorization.nearMiss;
    return [
      denialFinding(refusal, {
        summary: `${verdict.binding} names ${subject.name} as a ${subject.kind}; for the caller it is a ${meant.kind}.`,
        evidence: [`${verdict.binding} gives ${verdict.role} to ${subject.kind} ${subject.name}.`],
        fixes: bindingFixes(facts, refusal),
        explains: ["E5", "R1", "R7"],
      }),
    ];
  },
});
