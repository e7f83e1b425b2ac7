import { refusalFinding } from "../eks/refusal-finding.ts";
import { refusalRow } from "../eks/refusal-row.ts";
import { bindingFixes } from "../fixes/binding-fixes.ts";
import { defineRule } from "../rule.ts";

export const rbacOidcPrefix = defineRule({
  code: "rbac-oidc-prefix",
  causes: ["R8"],
  expects: "bindings name OIDC users and groups with the provider's prefix",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = refusalRow(facts);
    if (refusal?.row !== "R8" || refusal.authorization.nearMiss === undefined) return [];
    const { meant, subject, verdict } = refusal.authorization.nearMiss;
    return [
      refusalFinding(refusal, {
        summary: `${verdict.binding} names ${subject.kind} ${subject.name} without the OIDC provider's prefix: to the cluster it is ${meant.name}.`,
        evidence: [`${verdict.binding} gives ${verdict.role} to ${subject.kind} ${subject.name}.`],
        fixes: bindingFixes(facts, refusal),
        explains: ["R1", "R7"],
      }),
    ];
  },
});
