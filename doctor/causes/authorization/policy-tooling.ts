import { describeRequest } from "../../derive/authorization/denial.ts";
import type { AccessRequest } from "../../evidence/evidence.ts";
import { grantFixes } from "../../fixes/grant-fixes.ts";
import { definePolicyRule } from "../shared/denial-rule.ts";
import { policyLacks } from "../shared/suspected.ts";

export const policyTooling = definePolicyRule({
  cause: {
    id: "P13",
    what: "kubectl top, debug and drain need resources that no access policy includes.",
    seen: "only these are forbidden",
    remedy: "Cluster admin: grant these resources with RBAC, through a group of the caller's mapping.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html",
  },
  expects:
    "RBAC grants what kubectl top, debug and drain need, which access policies for users do not include",
  describe: ({ attempt }, facts) => ({
    summary: `${toolOf(attempt)} needs to ${describeRequest(attempt)}, which the associated access policies do not allow.`,
    fixes: grantFixes(facts, withoutName(attempt, /\bdrain\b/.test(facts.question?.command ?? ""))),
  }),
  suspected: {
    forbidden: policyLacks(
      "P13",
      "tools",
      "kubectl top, debug and drain need resources that no access policy includes.",
    ),
  },
});

/** A node has pods of many namespaces, and draining it evicts pods in all of them. */
function withoutName({ namespace, name: _name, ...attempt }: AccessRequest, isDrain: boolean): AccessRequest {
  const isEverywhere = namespace === undefined || (isDrain && attempt.subresource === "eviction");
  return isEverywhere ? attempt : { ...attempt, namespace };
}

function toolOf({ group, subresource, resource }: AccessRequest): string {
  if (group === "metrics.k8s.io") return "kubectl top";
  if (subresource === "ephemeralcontainers") return "kubectl debug";
  if (subresource === "token") return "kubectl create token";
  return resource === "leases" ? "Leader election" : "kubectl drain";
}
