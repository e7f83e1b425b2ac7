import { sentence } from "../../../token/command/sentence.ts";
import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { sayPolicy } from "../../fixes/grant-fixes.ts";
import { definePolicyRule } from "../shared/denial-rule.ts";
import { policiesOf, suspectedDenial } from "../shared/suspected-denial.ts";

export const policyScopeNamespace = definePolicyRule({
  causes: [
    { id: "P1", what: "The namespace is not in the scope of the policy.", seen: "403 in one namespace" },
  ],
  expects: "the scopes of the access policies include the namespace",
  describe: ({ attempt, policies }, { evidence }) => {
    const able = policies.filter(({ lacks }) => lacks === "scope");
    return {
      summary: `No access policy reaches namespace ${attempt.namespace}: ${able.map(sayPolicy).join("; ")}.`,
      evidence: able.flatMap(({ scope }) => (scope === "cluster" ? [] : missingNamespaces(evidence, scope))),
    };
  },
  suspected: {
    forbidden: suspectedDenial(
      ["P1", "P10", "P2"],
      ({ facts, attempt, isEntryName, groups, allowed: { beside, elsewhere } }) => {
        const { namespace } = attempt;
        if (namespace === undefined || (!isEntryName && groups.length > 0)) return undefined;
        // Without groups, it is the policy that allows something else here, so its scope includes the namespace.
        if (beside.length > 0 && groups.length === 0) return undefined;
        return {
          hinted: elsewhere.length > 0,
          summary: `Namespace ${namespace} is not in the scope of the caller's access policy.`,
          hints: elsewhere.map((other) => `The same is allowed in namespace ${other}.`),
          confirmedBy: sentence`${policiesOf(facts)} shows the namespaces of the policy.`,
        };
      },
    ),
  },
});

/** EKS does not check the spelling of a scope. Source: doctor/EKS-ACCESS.md, "Access scope". */
function missingNamespaces({ namespaces }: DoctorEvidence, scope: readonly string[]): string[] {
  const names = knownValue(namespaces)?.items.map(({ metadata }) => metadata.name);
  const unknown =
    names === undefined ? [] : scope.filter((name) => !name.includes("*") && !names.includes(name));
  return unknown.map((name) => `The scope names ${name}, and there is no such namespace.`);
}
