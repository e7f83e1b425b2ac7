import { nearGlob } from "../../derive/authorization/near-glob.ts";
import { definePolicyRule } from "../shared/denial-rule.ts";

export const policyScopeWildcard = definePolicyRule({
  causes: [
    { id: "P2", what: "The namespace seems to match a wildcard of the scope, but does not.", seen: "403" },
  ],
  expects: "the wildcards in the scopes of the access policies cover the namespace",
  describe: ({ attempt: { namespace = "" }, policies }) => {
    const scopes = policies.flatMap(({ lacks, scope }) =>
      lacks === "scope" && scope !== "cluster" ? scope : [],
    );
    const pattern = nearGlob(scopes, namespace);
    return {
      summary: `The wildcard ${pattern} in the access policy's scope does not cover namespace ${namespace}.`,
      evidence: [
        `A * stands for any characters, the rest is literal: ${pattern} does not match ${namespace}.`,
      ],
    };
  },
});
