import { kubectl } from "../../../token/command/kubectl.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { describeRequest } from "../../derive/authorization/denied-request.ts";
import { roleFixes } from "../../fixes/grant-fixes.ts";
import { defineDenialRule, sayGranted } from "../shared/denial-rule.ts";
import { suspectedDenial } from "../shared/suspected-denial.ts";

export const rbacRuleGap = defineDenialRule({
  causes: [
    {
      id: "R7",
      what: "The role lacks exactly this verb, resource, subresource or API group.",
      seen: "403 although a rule seems to allow it",
    },
  ],
  expects:
    "a bound role or an access policy contains the requested verb, resource, subresource and API group",
  describe: (denial, facts) => ({
    summary: `Nothing granted to the caller lets it ${describeRequest(denial.attempt)}.`,
    evidence: [sayGranted(denial)],
    // Where RBAC gives the rest, one more rule is less than a policy.
    ...((denial.authorization.bindings?.length ?? 0) > 0 && { fixes: roleFixes(facts, denial.attempt) }),
  }),
  suspected: {
    forbidden: suspectedDenial(
      ["R7"],
      ({ attempt, groups, areGroupsKnown, isEntryName, allowed: { beside } }) => {
        if (areGroupsKnown && beside.length === 0 && groups.length === 0) return undefined;
        return {
          hinted: beside.length > 0,
          summary: `The ${isEntryName && groups.length === 0 ? "policy or role" : "role"} that the caller has here lacks the right to ${describeRequest(attempt)}.`,
          hints: beside.slice(0, 2).map((other) => `You may ${describeRequest(other)}.`),
          confirmedBy: sentence`${kubectl("auth can-i", { list: true, n: attempt.namespace ?? "default" })} lists what RBAC gives.`,
        };
      },
    ),
  },
});
