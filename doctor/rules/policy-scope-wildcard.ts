import { nearGlob } from "../eks/near-glob.ts";
import { refusalFinding } from "../eks/refusal-finding.ts";
import { refusalRow } from "../eks/refusal-row.ts";
import { grantFixes, sayPolicy } from "../fixes/grant-fixes.ts";
import { defineRule } from "../rule.ts";

export const policyScopeWildcard = defineRule({
  code: "policy-scope-wildcard",
  causes: ["P2"],
  expects: "the wildcards of the access policies' scopes cover the namespace",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = refusalRow(facts);
    if (refusal?.row !== "P2") return [];
    const { attempt, policies } = refusal;
    const { namespace = "" } = attempt;
    const scopes = policies.flatMap(({ lacks, scope }) =>
      lacks === "scope" && scope !== "cluster" ? scope : [],
    );
    const pattern = nearGlob(scopes, namespace);
    return [
      refusalFinding(refusal, {
        summary: `The wildcard ${pattern} in the access policy's scope does not cover namespace ${namespace}.`,
        evidence: [
          `Associated are ${policies.map(sayPolicy).join("; ")}.`,
          `A * stands for the rest of the name after what is before it, so ${pattern} is not ${namespace}.`,
        ],
        fixes: grantFixes(facts, attempt),
      }),
    ];
  },
});
