import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { classifyDenial } from "../../derive/authorization/classified-denial.ts";
import { nearGlob } from "../../derive/authorization/near-glob.ts";
import { grantFixes, sayPolicy } from "../../fixes/grant-fixes.ts";
import { denialFinding } from "../shared/denial-finding.ts";

export const policyScopeWildcard = defineLegacyRule({
  code: "policy-scope-wildcard",
  stage: "authorization",
  causes: ["P2"],
  expects: "the wildcards of the access policies' scopes cover the namespace",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    if (refusal?.causeId !== "P2") return [];
    const { attempt, policies } = refusal;
    const { namespace = "" } = attempt;
    const scopes = policies.flatMap(({ lacks, scope }) =>
      lacks === "scope" && scope !== "cluster" ? scope : [],
    );
    const pattern = nearGlob(scopes, namespace);
    return [
      denialFinding(refusal, {
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
