import { describeRequest } from "../../derive/authorization/denial.ts";
import { formatPolicy } from "../../fixes/grant-fixes.ts";
import { definePolicyRule } from "../shared/denial-rule.ts";
import { policyLacks } from "../shared/suspected.ts";

export const policyClusterScope = definePolicyRule({
  cause: {
    id: "P3",
    what: "The request is cluster-wide, but the policy's scope or resources are not.",
    seen: "403 at the cluster scope",
    remedy:
      "Cluster admin: associate the policy with the whole cluster, or grant cluster-scoped resources with RBAC.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html",
  },
  expects: "cluster-wide requests are granted on the whole cluster",
  describe: ({ attempt, policies }) => {
    const limited = policies.filter(({ lacks }) => lacks === "cluster-scope");
    return {
      summary:
        limited.length > 0
          ? `A namespace scope never allows a user to ${describeRequest(attempt)} (associated: ${limited.map(formatPolicy).join("; ")}).`
          : `No associated access policy allows the caller to ${describeRequest(attempt)}.`,
    };
  },
  suspected: {
    forbidden: policyLacks(
      "P3",
      "cluster-wide",
      "The request is cluster-wide, which policies scoped to namespaces do not allow; few include such resources at all.",
    ),
  },
});
