import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { commandTarget, eksCall } from "../../derive/target/eks-call.ts";
import type { Fix } from "../../fixes/fix.ts";
import { grantInIam } from "../../fixes/iam-grant.ts";

const DENIED = /not authorized to perform: iam:PassRole(?: on resource: ([^\s"]+))?/;

/**
 * Entries for EC2 nodes hand a role to EC2, which IAM wants allowed.
 * Source: doctor/EKS-ACCESS.md, "Access entries".
 */
export const policyPassRoleDenied = defineLegacyRule({
  code: "policy-pass-role-denied",
  stage: "authorization",
  causes: ["P14"],
  expects: "who makes entries for nodes may pass their role",
  needs: ["symptom"],
  judge(facts) {
    const call = eksCall(facts);
    const match = DENIED.exec(call?.words ?? "");
    const isEntry = call?.operation === "CreateAccessEntry" || /access[- ]?entry/i.test(call?.words ?? "");
    if (match === null || (call?.operation !== undefined && !isEntry)) return [];
    const role = match[1]?.replace(/[.,]$/, "") ?? call?.principalArn ?? "NODE_ROLE_ARN";
    return [
      {
        cause: "P14",
        stage: "authorization",
        severity: "error",
        confidence: isEntry ? "certain" : "possible",
        summary: `An access entry for nodes needs iam:PassRole on ${role}, which ${facts.principal?.arn ?? "the caller"} may not.`,
        evidence: [`AWS says “${match[0]}”.`],
        falsifiedBy: "The same call with --type STANDARD is refused in the same words.",
        fixes: [grant(facts, role)],
        explains: ["E1", "M1", "M2", "P11"],
      },
    ];
  },
});

function grant(facts: Facts, role: string): Fix {
  return grantInIam({
    principal: facts.principal,
    policyName: "pass-node-role",
    actions: ["iam:PassRole"],
    resource: role,
    description: `Allow the caller to pass this role, so that it can make the entry in ${commandTarget(facts).cluster}.`,
  });
}
