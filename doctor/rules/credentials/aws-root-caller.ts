import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { associatePolicy, CLUSTER_SCOPE, createEntry } from "../../fixes/access-entry-actions.ts";

export const awsRootCaller = defineLegacyRule({
  code: "aws-root-caller",
  stage: "credentials",
  causes: ["L16"],
  expects: "the caller is not the account's root user",
  needs: ["principal"],
  judge(facts) {
    const { principal, mapping, authenticationMode, symptom } = facts;
    const severity = preAuthSeverity(facts);
    if (principal.kind !== "root" || severity === undefined) return [];
    if (mapping?.by === "entry" || mapping?.by === "aws-auth") return [];
    const isUnmapped = mapping?.by === "nobody";
    /** With aws-auth alone, whoever made the cluster is let in without a line that anybody could see. */
    const isRefused = symptom?.kind === "unauthorized" || authenticationMode !== "CONFIG_MAP";
    const target = commandTarget(facts);
    const role = `arn:${principal.partition}:iam::${principal.account}:role/ROLE`;
    const policyArn = `arn:${principal.partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`;
    return [
      {
        cause: "L16",
        stage: "credentials",
        severity,
        confidence: isUnmapped && isRefused ? "certain" : "likely",
        summary: `The caller is the root user of account ${principal.account}, whom the cluster does not let in.`,
        evidence: [
          `AWS says that the caller is ${principal.arn}.`,
          ...(isUnmapped ? ["Neither an access entry nor aws-auth names it."] : []),
        ],
        falsifiedBy: "aws-auth maps this very ARN, or root made the cluster while its mode was CONFIG_MAP.",
        fixes: [
          {
            audience: "cluster-admin",
            description: "Let an IAM role in; root may do this, since it may call the EKS API.",
            actions: [
              createEntry(target, role),
              associatePolicy(target, role, { policyArn, accessScope: CLUSTER_SCOPE }),
            ],
          },
        ],
        explains: ["E1", "A1", "M5"],
      },
    ];
  },
});
