import { describeRequest } from "../../derive/authorization/denied-request.ts";
import { sayPolicy } from "../../fixes/grant-fixes.ts";
import { definePolicyRule } from "../shared/denial-rule.ts";
import { policyLacks, suspectedDenial } from "../shared/suspected-denial.ts";

export const policyClusterScope = definePolicyRule({
  causes: [
    {
      id: "P3",
      what: "The request is for the whole cluster, and the policy's scope or its resources are not.",
      seen: "403 at the cluster scope",
    },
  ],
  expects: "requests for the whole cluster are granted on the whole cluster",
  describe: ({ attempt, policies }) => {
    const limited = policies.filter(({ lacks }) => lacks === "cluster-scope");
    return {
      summary:
        limited.length > 0
          ? `A namespace scope never lets anybody ${describeRequest(attempt)}: ${limited.map(sayPolicy).join("; ")}.`
          : `No associated access policy lets the caller ${describeRequest(attempt)}.`,
    };
  },
  suspected: {
    forbidden: suspectedDenial(["P3"], (denied) =>
      policyLacks(
        denied,
        "cluster-wide",
        "The request is for the whole cluster: a policy for namespaces does not reach it, and few contain such resources.",
      ),
    ),
  },
});
