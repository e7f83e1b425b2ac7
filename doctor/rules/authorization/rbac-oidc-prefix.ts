import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { classifyDenial } from "../../derive/authorization/classified-denial.ts";
import { bindingFixes } from "../../fixes/binding-fixes.ts";
import { denialFinding } from "../shared/denial-finding.ts";

export const rbacOidcPrefix = defineLegacyRule({
  code: "rbac-oidc-prefix",
  stage: "authorization",
  causes: ["R8"],
  expects: "bindings name OIDC users and groups with the provider's prefix",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    if (refusal?.causeId !== "R8" || refusal.authorization.nearMiss === undefined) return [];
    const { meant, subject, verdict } = refusal.authorization.nearMiss;
    return [
      denialFinding(refusal, {
        summary: `${verdict.binding} names ${subject.kind} ${subject.name} without the OIDC provider's prefix: to the cluster it is ${meant.name}.`,
        evidence: [`${verdict.binding} gives ${verdict.role} to ${subject.kind} ${subject.name}.`],
        fixes: bindingFixes(facts, refusal),
        explains: ["R1", "R7"],
      }),
    ];
  },
});
