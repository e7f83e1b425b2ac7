import { sayAttempt } from "../eks/refusal.ts";
import { refusalFinding } from "../eks/refusal-finding.ts";
import { refusalRow } from "../eks/refusal-row.ts";
import type { Attempt } from "../evidence.ts";
import { grantFixes, sayPolicy } from "../fixes/grant-fixes.ts";
import { defineRule } from "../rule.ts";

export const policyTooling = defineRule({
  code: "policy-tooling",
  causes: ["P13"],
  expects:
    "what kubectl top, debug and drain need is granted by RBAC, because no access policy for people contains it",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = refusalRow(facts);
    if (refusal?.row !== "P13") return [];
    const { attempt, policies } = refusal;
    return [
      refusalFinding(refusal, {
        summary: `${toolOf(attempt)} needs to ${sayAttempt(attempt)}, which the associated access policies do not contain.`,
        evidence: [`Associated are ${policies.map(sayPolicy).join("; ")}.`],
        fixes: grantFixes(facts, scopeOf(attempt)),
      }),
    ];
  },
});

/** A node holds pods of many namespaces: who drains it evicts in all of them. */
function scopeOf({ namespace, name: _name, ...attempt }: Attempt): Attempt {
  return namespace === undefined || attempt.subresource === "eviction" ? attempt : { ...attempt, namespace };
}

function toolOf({ group, subresource, resource }: Attempt): string {
  if (group === "metrics.k8s.io") return "kubectl top";
  if (subresource === "ephemeralcontainers") return "kubectl debug";
  if (subresource === "token") return "kubectl create token";
  return resource === "leases" ? "Leader election" : "kubectl drain";
}
