import { nearGlob } from "../../eks/rbac/access-policies.ts";
import { definePolicyRule } from "../shared/denial-rule.ts";

export const policyScopeWildcard = definePolicyRule({
  cause: {
    id: "P2",
    what: "The namespace looks as if it matched a wildcard in the scope, but it does not.",
    seen: "403",
    remedy: "Cluster admin: add the namespace by its full name, or by a pattern that EKS supports.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html",
  },
  expects: "the wildcards in the scopes of the access policies match the namespace",
  describe: ({ attempt: { namespace = "" }, policies }) => {
    const scopes = policies.flatMap(({ lacks, scope }) =>
      lacks === "scope" && scope !== "cluster" ? scope : [],
    );
    const pattern = nearGlob(scopes, namespace);
    return {
      summary: `The wildcard ${pattern} in the access policy's scope does not match namespace ${namespace}.`,
      evidence: [
        `A * matches any characters; the rest is literal, so ${pattern} does not match ${namespace}.`,
      ],
    };
  },
});
