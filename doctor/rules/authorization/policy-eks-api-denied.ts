import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { commandTarget, eksCall } from "../../derive/target/eks-call.ts";
import { targetCluster } from "../../derive/target/target-cluster.ts";
import type { Fix } from "../../fixes/fix.ts";
import { grantInIam } from "../../fixes/iam-grant.ts";

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS"; the ending names the policy that says no, where one does. */
const DENIED =
  /not authorized to perform: (eks:\w+)(?: on resource: (\S+?))?(?: (?:because|with an explicit deny)[^.]*|(?=[.\s"]|$))/;

/** Actions that have no resource of their own. Source: doctor/AWS-CREDENTIALS.md, "Words of AWS". */
const EVERYWHERE: readonly string[] = ["eks:ListClusters"];

/**
 * AWS refuses a call of the EKS API. Only a failure that was met counts: kubectl needs no such right once a kubeconfig is
 * there, so that a probe that was refused is no fault.
 */
export const policyEksApiDenied = defineLegacyRule({
  code: "policy-eks-api-denied",
  stage: "authorization",
  causes: ["P11"],
  expects: "IAM allows the EKS calls that were made",
  needs: ["symptom"],
  judge(facts) {
    const words = eksCall(facts)?.words ?? "";
    const match = DENIED.exec(words);
    const [said = "", action = ""] = match ?? [];
    if (match === null || action === "eks:AccessKubernetesApi") return [];
    const boundary = /explicit deny in (?:an? )?([\w-]+(?: [\w-]+){0,5}? policy|permissions boundary)/.exec(
      words,
    )?.[1];
    return [
      {
        cause: "P11",
        stage: "authorization",
        severity: "error",
        confidence: "certain",
        summary: `AWS does not allow ${facts.principal?.arn ?? "the caller"} ${action}${boundary === undefined ? "" : `: ${boundary} denies it`}.`,
        evidence: [`AWS says “${said}”.`],
        falsifiedBy: "The same call with the same identity succeeds.",
        fixes: [boundary === undefined ? grant(facts, action) : lift(action, boundary)],
      },
    ];
  },
});

function grant(facts: Facts, action: string): Fix {
  const { cluster, region, partition } = commandTarget(facts);
  const account = targetCluster(facts).account ?? facts.principal?.account ?? "ACCOUNT";
  return grantInIam({
    principal: facts.principal,
    policyName: action.replace(":", "-"),
    actions: [action],
    resource: EVERYWHERE.includes(action)
      ? "*"
      : `arn:${partition}:eks:${region}:${account}:cluster/${cluster}`,
    description: `Allow ${action}. A kubeconfig that exists works without it.`,
  });
}

function lift(action: string, boundary: string): Fix {
  return {
    audience: "iam-admin",
    description: `Another Allow does not help: take ${action} out of the ${boundary} that denies it.`,
  };
}
