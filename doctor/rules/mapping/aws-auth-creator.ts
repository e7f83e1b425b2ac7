import { defineRule } from "../../check/rule.ts";
import { found } from "../../check/verdict.ts";
import { accessEntryFix } from "../../fixes/access-entry-fix.ts";
import { editAwsAuth } from "../../fixes/aws-auth-fixes.ts";

/**
 * A line for the cluster's creator replaces the hidden right that comes with CONFIG_MAP. CloudTrail knows who the creator is,
 * the evidence does not: never more than possible.
 *
 * Source: doctor/EKS-ACCESS.md, "Authentication mode".
 */
export const awsAuthCreator = defineRule({
  causes: ["A14"],
  expects: "no line of aws-auth takes the creator's hidden right away",
  needs: ["possibleCreator"],
  check({ possibleCreator: { username, groups } }) {
    return found({
      confidence: "possible",
      inferred: true,
      describe: (facts) => ({
        summary: `If the caller created the cluster, the line in aws-auth (${username}) replaced full rights.`,
        evidence: [
          "The mode is CONFIG_MAP, in which the creator is administrator without any line.",
          `aws-auth makes the caller ${username} in ${groups.join(", ") || "no group"}, and nobody in it is in system:masters.`,
        ],
        falsifiedBy: "CloudTrail's CreateCluster names somebody else.",
        fixes: [
          editAwsAuth("If the caller is the creator, remove the line: the hidden right applies again."),
          accessEntryFix(facts),
        ],
      }),
    });
  },
});
