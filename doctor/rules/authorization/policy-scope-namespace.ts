import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { sayPolicy } from "../../fixes/grant-fixes.ts";
import { definePolicyRule } from "../shared/denial-rule.ts";

export const policyScopeNamespace = definePolicyRule({
  cause: "P1",
  expects: "the scopes of the access policies include the namespace",
  describe: ({ attempt, policies }, { evidence }) => {
    const able = policies.filter(({ lacks }) => lacks === "scope");
    return {
      summary: `No access policy reaches namespace ${attempt.namespace}: ${able.map(sayPolicy).join("; ")}.`,
      evidence: able.flatMap(({ scope }) => (scope === "cluster" ? [] : missingNamespaces(evidence, scope))),
    };
  },
});

/** EKS does not check the spelling of a scope. Source: doctor/EKS-ACCESS.md, "Access scope". */
function missingNamespaces({ namespaces }: DoctorEvidence, scope: readonly string[]): string[] {
  const names = knownValue(namespaces)?.items.map(({ metadata }) => metadata.name);
  const unknown =
    names === undefined ? [] : scope.filter((name) => !name.includes("*") && !names.includes(name));
  return unknown.map((name) => `The scope names ${name}, and there is no such namespace.`);
}
