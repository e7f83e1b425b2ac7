import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { commandWords } from "../../derive/kubeconfig/command-words.ts";
import { canI } from "../../fixes/can-i.ts";

/**
 * What kubectl prints under the list when an authorizer cannot list its rules.
 * Source: doctor/EKS-ACCESS.md, "Reviews".
 */
const INCOMPLETE = "webhook authorizer does not support user rule resolution";

/**
 * Not a failure: a list that looks like one. An empty list alone is no finding.
 * Source: doctor/EKS-ACCESS.md, "Reviews".
 */
export const policyCanIList = defineLegacyRule({
  code: "policy-can-i-list",
  stage: "authorization",
  causes: ["P8"],
  expects: "rights are asked for one by one, because can-i --list knows nothing of access policies",
  needs: ["question"],
  judge({ evidence, attempt }) {
    const { command = "", stderr = "" } = evidence.question ?? {};
    const words = commandWords(command);
    if (!words.includes("can-i") || !words.includes("--list")) return [];
    const isSaid = stderr.includes(INCOMPLETE);
    return [
      {
        cause: "P8",
        stage: "authorization",
        severity: "warning",
        confidence: isSaid ? "certain" : "likely",
        summary: `kubectl auth can-i --list lists what RBAC grants; what access policies grant is not in it.`,
        evidence: [`The command is ${command}.`, ...(isSaid ? [`It says: "${INCOMPLETE}".`] : [])],
        falsifiedBy: "No access policy is associated with the caller's entry.",
        fixes: [
          {
            audience: "you",
            description: "Ask for one right at a time: that asks every authorizer.",
            actions: [canI(attempt ?? { verb: "list", resource: "pods" })],
          },
        ],
      },
    ];
  },
});
