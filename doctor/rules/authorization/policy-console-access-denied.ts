import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { principalArn } from "../../derive/identity/principal-arn.ts";
import { commandTarget, eksCall } from "../../derive/target/eks-call.ts";
import {
  accessPolicyArn,
  associatePolicy,
  CLUSTER_SCOPE,
  createEntry,
} from "../../fixes/access-entry-actions.ts";
import type { Fix } from "../../fixes/fix.ts";
import { grantInIam } from "../../fixes/iam-grant.ts";

/** The console's banner; and IAM's refusal of its call. Source: doctor/EKS-ACCESS.md, "Other ways in". */
const BANNER =
  /Your current (?:IAM )?(?:user or role|principal)[^.]{0,40} does(?:n't| not) have access to Kubernetes objects on this(?: EKS)? cluster|not authorized to perform: eks:AccessKubernetesApi/;

/** The console needs an IAM right and a mapping in Kubernetes; the evidence says which half is missing. */
export const policyConsoleAccessDenied = defineLegacyRule({
  code: "policy-console-access-denied",
  stage: "authorization",
  causes: ["P12"],
  expects: "the console may show Kubernetes objects to the caller",
  needs: ["symptom"],
  judge(facts) {
    const [said] = BANNER.exec(eksCall(facts)?.words ?? "") ?? [];
    if (said === undefined) return [];
    const isMapped = facts.mapping?.by === "entry" || facts.mapping?.by === "aws-auth";
    const isUnmapped = facts.mapping?.by === "nobody";
    const iamSaysNo = said.includes("eks:AccessKubernetesApi");
    const half =
      isMapped || iamSaysNo
        ? "the IAM right eks:AccessKubernetesApi is missing"
        : isUnmapped
          ? "Kubernetes does not know this principal"
          : "the IAM right eks:AccessKubernetesApi or the mapping in Kubernetes is missing";
    const { cluster } = commandTarget(facts);
    return [
      {
        cause: "P12",
        stage: "authorization",
        severity: "error",
        confidence: iamSaysNo || isMapped || isUnmapped ? "certain" : "likely",
        summary: `The console cannot show what is in ${cluster}: ${half}.`,
        evidence: [
          `${iamSaysNo ? "IAM" : "The console"} says “${said}”.`,
          ...(isMapped ? [`Kubernetes knows the principal as ${facts.mapping?.username ?? "a user"}.`] : []),
          ...(isUnmapped ? ["Neither an access entry nor aws-auth maps the principal."] : []),
        ],
        falsifiedBy: "kubectl fails with the same identity too, in a way that names another cause.",
        fixes: [...(isUnmapped ? [] : [iamHalf(facts)]), ...(isMapped ? [] : [kubernetesHalf(facts)])],
        explains: ["P11", "E1"],
      },
    ];
  },
});

function iamHalf(facts: Facts): Fix {
  const { cluster, region, partition } = commandTarget(facts);
  const { principal } = facts;
  return grantInIam({
    principal,
    policyName: "eks-console",
    actions: ["eks:AccessKubernetesApi", "eks:DescribeCluster"],
    resource: `arn:${partition}:eks:${region}:${principal?.account ?? "ACCOUNT"}:cluster/${cluster}`,
    description:
      "Allow the console to look into the cluster (to change things there, eks:MutateViaKubernetesApi as well).",
  });
}

function kubernetesHalf(facts: Facts): Fix {
  const target = commandTarget(facts);
  const who = facts.principal === undefined ? "PRINCIPAL_ARN" : principalArn(facts, facts.principal);
  const view = { policyArn: accessPolicyArn(target, "AmazonEKSViewPolicy"), accessScope: CLUSTER_SCOPE };
  return {
    audience: "cluster-admin",
    description: "Make an access entry, and let it look.",
    actions: [createEntry(target, who), associatePolicy(target, who, view)],
  };
}
