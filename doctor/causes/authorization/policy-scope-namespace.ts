import { sentence } from "../../../token/command/sentence.ts";
import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { formatPolicy } from "../../fixes/grant-fixes.ts";
import { definePolicyRule, describeReach } from "../shared/denial-rule.ts";
import { policiesOf, suspectedDenial } from "../shared/suspected.ts";

export const policyScopeNamespace = definePolicyRule({
  cause: {
    id: "P1",
    what: "The namespace is not in the policy's scope.",
    seen: "403 in one namespace",
    remedy: "Cluster admin: add the namespace to the scope of the access policy.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html",
  },
  expects: "the scopes of the access policies include the namespace",
  describe: ({ attempt, policies }, facts) => {
    const able = policies.filter(({ lacks }) => lacks === "scope");
    const scopes = new Set(able.flatMap(({ scope }) => (scope === "cluster" ? [] : scope)));
    const missing = missingNamespaces(facts.evidence, [...scopes]);
    const allowed = [...scopes].filter((name) => !missing.includes(name));
    return {
      summary:
        allowed.length > 0
          ? // The reader can be an admin who completes the caller's case.
            describeReach(facts.principal?.canonicalArn ?? "The caller", attempt, allowed)
          : `No access policy covers namespace ${attempt.namespace} (associated: ${able.map(formatPolicy).join("; ")}).`,
      evidence: missing.map((name) => `The scope includes ${name}, but this namespace does not exist.`),
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
          summary: `The scope of the caller's access policy does not include namespace ${namespace}.`,
          hints: elsewhere.length === 0 ? [] : [describeReach("You", attempt, elsewhere)],
          confirmedBy: sentence`${policiesOf(facts)} shows the namespaces in the policy's scope.`,
        };
      },
    ),
  },
});

/** EKS does not check the spelling of a scope. Source: doctor/EKS-ACCESS.md, "Access scope". */
function missingNamespaces({ namespaces }: DoctorEvidence, scope: readonly string[]): string[] {
  const names = knownValue(namespaces)?.items.map(({ metadata }) => metadata.name);
  return names === undefined ? [] : scope.filter((name) => !name.includes("*") && !names.includes(name));
}
