import { describeRequest } from "../../derive/authorization/denied-request.ts";
import { sayPolicy } from "../../fixes/grant-fixes.ts";
import { definePolicyRule } from "../shared/denial-rule.ts";

export const policyClusterScope = definePolicyRule({
  cause: "P3",
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
});
