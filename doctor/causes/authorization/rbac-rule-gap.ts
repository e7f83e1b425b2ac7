import { kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { describeRequest } from "../../derive/authorization/denial.ts";
import { roleFixes } from "../../fixes/grant-fixes.ts";
import { defineDenialRule, describeGranted } from "../shared/denial-rule.ts";
import { suspectedDenial } from "../shared/suspected.ts";

export const rbacRuleGap = defineDenialRule({
  cause: {
    id: "R7",
    what: "The role does not include exactly this verb, resource, subresource or API group.",
    seen: "403 although a rule seems to allow it",
    remedy: "Cluster admin: add the missing verb, resource, subresource or API group to the role.",
    page: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources",
  },
  expects:
    "a bound role or an access policy includes the requested verb, resource, subresource and API group",
  describe: (denial, facts) => ({
    summary: `The caller's roles and policies do not include permission to ${describeRequest(denial.attempt)}.`,
    evidence: [describeGranted(denial)],
    // If RBAC grants the rest, one more rule is less than a policy.
    ...((denial.authorization.bindings?.length ?? 0) > 0 && { fixes: roleFixes(facts, denial.attempt) }),
  }),
  suspected: {
    forbidden: suspectedDenial(
      ["R7"],
      ({ attempt, groups, areGroupsKnown, isEntryName, allowed: { beside } }) => {
        if (areGroupsKnown && beside.length === 0 && groups.length === 0) return undefined;
        return {
          summary: `The caller's ${isEntryName && groups.length === 0 ? "policy or role" : "role"} here does not include permission to ${describeRequest(attempt)}.`,
          hints: beside.slice(0, 2).map((other) => `You can ${describeRequest(other)}.`),
          confirmedBy: sentence`${kubectl("auth can-i", { list: true, n: attempt.namespace ?? "default" })} lists what RBAC grants.`,
        };
      },
    ),
  },
});
