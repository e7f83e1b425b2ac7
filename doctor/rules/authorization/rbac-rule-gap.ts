import { describeRequest } from "../../derive/authorization/denied-request.ts";
import { grantFixes, sayPolicy } from "../../fixes/grant-fixes.ts";
import { defineDenialRule } from "../shared/denial-rule.ts";

export const rbacRuleGap = defineDenialRule({
  code: "rbac-rule-gap",
  cause: "R7",
  expects:
    "a bound role or an access policy contains the requested verb, resource, subresource and API group",
  describe: ({ attempt, authorization, policies }, facts) => {
    const bound = authorization.bindings?.filter(({ lacks }) => lacks === "rule") ?? [];
    const roles = bound.map(({ binding, role }) => `${role} through ${binding}`);
    return {
      summary: `Nothing granted to the caller allows to ${describeRequest(attempt)}.`,
      evidence: [`Granted: ${[...roles, ...policies.map(sayPolicy)].join("; ")}.`],
      fixes: grantFixes(facts, attempt),
    };
  },
});
