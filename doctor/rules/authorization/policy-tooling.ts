import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { classifyDenial } from "../../derive/authorization/classified-denial.ts";
import { describeRequest } from "../../derive/authorization/denied-request.ts";
import type { AccessRequest } from "../../evidence/evidence.ts";
import { grantFixes, sayPolicy } from "../../fixes/grant-fixes.ts";
import { denialFinding } from "../shared/denial-finding.ts";

export const policyTooling = defineLegacyRule({
  code: "policy-tooling",
  stage: "authorization",
  causes: ["P13"],
  expects:
    "what kubectl top, debug and drain need is granted by RBAC, because no access policy for people contains it",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    if (refusal?.causeId !== "P13") return [];
    const { attempt, policies } = refusal;
    return [
      denialFinding(refusal, {
        summary: `${toolOf(attempt)} needs to ${describeRequest(attempt)}, which the associated access policies do not contain.`,
        evidence: [`Associated are ${policies.map(sayPolicy).join("; ")}.`],
        fixes: grantFixes(facts, scopeOf(attempt)),
      }),
    ];
  },
});

/** A node holds pods of many namespaces: who drains it evicts in all of them. */
function scopeOf({ namespace, name: _name, ...attempt }: AccessRequest): AccessRequest {
  return namespace === undefined || attempt.subresource === "eviction" ? attempt : { ...attempt, namespace };
}

function toolOf({ group, subresource, resource }: AccessRequest): string {
  if (group === "metrics.k8s.io") return "kubectl top";
  if (subresource === "ephemeralcontainers") return "kubectl debug";
  if (subresource === "token") return "kubectl create token";
  return resource === "leases" ? "Leader election" : "kubectl drain";
}
