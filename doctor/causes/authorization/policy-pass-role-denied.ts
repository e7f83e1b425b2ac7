import { defineRule, doesNotApply, found } from "../../check/rule.ts";
import { likelyPrincipal } from "../../derive/identity/principal-arn.ts";
import { grantInIam } from "../../fixes/iam-grant.ts";
import { refusedWithout } from "../shared/refuted.ts";

const DENIED = /not authorized to perform: iam:PassRole(?: on resource: ([^\s"]+))?/;

/**
 * Creating an entry for EC2 nodes passes their role to EC2, which IAM must allow. Source: doctor/EKS-ACCESS.md, "Access entries".
 */
export const policyPassRoleDenied = defineRule({
  cause: {
    id: "P14",
    what: "An access entry of this type requires iam:PassRole.",
    seen: "not authorized to perform: iam:PassRole",
    remedy: "IAM admin: allow the caller iam:PassRole for this role.",
    page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
  },
  expects: "callers who create access entries for nodes are allowed to pass the node role",
  needs: ["eksCall"],
  check({ eksCall: { words, operation, principalArn } }) {
    const match = DENIED.exec(words);
    if (match === null) return doesNotApply("AWS did not deny iam:PassRole");
    const isEntry = operation === "CreateAccessEntry" || /access[- ]?entry/i.test(words);
    if (operation !== undefined && !isEntry) return doesNotApply(`the call is ${operation}`);
    const role = match[1]?.replace(/[.,]$/, "") ?? principalArn ?? "NODE_ROLE_ARN";
    return found({
      confidence: isEntry ? "certain" : "possible",
      explains: ["E1", "M1", "M2", "P11"],
      describe: (facts) => ({
        summary: `${likelyPrincipal(facts)?.arn ?? "The caller"} does not have iam:PassRole on ${role}, which an access entry for nodes requires.`,
        evidence: [`AWS reports “${match[0]}”.`],
        falsifiedBy: "The same call with --type STANDARD is denied with the same message.",
        fixes: [
          grantInIam({
            principal: likelyPrincipal(facts),
            policyName: "pass-node-role",
            actions: ["iam:PassRole"],
            resource: role,
            denial: words,
            description: `Allow the caller to pass this role, so that it can create the access entry in ${facts.target.cluster}.`,
          }),
        ],
      }),
    });
  },
  refuted: (seen) => refusedWithout(seen, DENIED, ({ command }) => !/--type[= ](?!STANDARD\b)/.test(command)),
});
