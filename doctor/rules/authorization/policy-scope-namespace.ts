import { defineRule } from "../../check/rule.ts";
import { classifyDenial } from "../../derive/authorization/classified-denial.ts";
import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { grantFixes, sayPolicy } from "../../fixes/grant-fixes.ts";
import { denialFinding } from "../shared/denial-finding.ts";

export const policyScopeNamespace = defineRule({
  code: "policy-scope-namespace",
  stage: "authorization",
  causes: ["P1"],
  expects: "the scopes of the access policies include the namespace",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    if (refusal?.row !== "P1") return [];
    const able = refusal.policies.filter(({ lacks }) => lacks === "scope");
    return [
      denialFinding(refusal, {
        summary: `No access policy reaches namespace ${refusal.attempt.namespace}: ${able.map(sayPolicy).join("; ")}.`,
        evidence: [
          `Associated are ${refusal.policies.map(sayPolicy).join("; ")}.`,
          ...able.flatMap(({ scope }) => (scope === "cluster" ? [] : notThere(facts.evidence, scope))),
        ],
        fixes: grantFixes(facts, refusal.attempt),
      }),
    ];
  },
});

/** EKS does not check the spelling of a scope. Source: doctor/EKS-ACCESS.md, "Access scope". */
function notThere({ namespaces }: DoctorEvidence, scope: readonly string[]): string[] {
  const names = knownValue(namespaces)?.items.map(({ metadata }) => metadata.name);
  const unknown =
    names === undefined ? [] : scope.filter((name) => !name.includes("*") && !names.includes(name));
  return unknown.map((name) => `The scope names ${name}, and there is no such namespace.`);
}
