import { defineRule, doesNotApply, found } from "../../check/rule.ts";
import { commandWords } from "../../derive/kubeconfig/command-words.ts";
import { forYou } from "../../fixes/fix.ts";
import { canI } from "../../fixes/rbac-actions.ts";

/** What kubectl prints below the list if an authorizer cannot list its rules. Source: doctor/EKS-ACCESS.md, "Reviews". */
const INCOMPLETE = "webhook authorizer does not support user rule resolution";

/** Not a failure, but a list that looks like one. An empty list alone is not a finding. Source: doctor/EKS-ACCESS.md, "Reviews". */
export const policyCanIList = defineRule({
  cause: {
    id: "P8",
    what: "kubectl auth can-i --list shows only RBAC permissions.",
    seen: "can-i --list shows nothing",
    remedy: "Check one permission at a time: kubectl auth can-i VERB RESOURCE. The list shows RBAC only.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html",
  },
  expects:
    "permissions are checked one by one, because can-i --list does not show those from access policies",
  needs: ["question"],
  check({ question: { command = "", stderr = "" } }) {
    const words = commandWords(command);
    if (!words.includes("can-i") || !words.includes("--list"))
      return doesNotApply("the command is not kubectl auth can-i --list");
    const isSaid = stderr.includes(INCOMPLETE);
    return found({
      severity: "warning",
      confidence: isSaid ? "certain" : "likely",
      describe: ({ attempt = { verb: "list", resource: "pods" } }) => ({
        summary: "kubectl auth can-i --list shows what RBAC grants, but not what access policies grant.",
        evidence: [`The command is ${command}.`, isSaid && `It printed: "${INCOMPLETE}".`],
        falsifiedBy: "The caller's access entry does not have an access policy.",
        fixes: [forYou("Check one permission at a time, which queries every authorizer.", canI(attempt))],
      }),
    });
  },
});
