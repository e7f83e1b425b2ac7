import { describeRequest } from "../../derive/authorization/denied-request.ts";
import { defineDenialRule, sayGranted } from "../shared/denial-rule.ts";

export const rbacRuleGap = defineDenialRule({
  cause: "R7",
  expects:
    "a bound role or an access policy contains the requested verb, resource, subresource and API group",
  describe: (denial) => ({
    summary: `Nothing granted to the caller lets it ${describeRequest(denial.attempt)}.`,
    evidence: [sayGranted(denial)],
  }),
});
