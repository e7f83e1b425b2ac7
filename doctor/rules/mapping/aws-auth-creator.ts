import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { mayBeCreator } from "../../derive/mapping/possible-creator.ts";
import { accessEntryFix } from "../../fixes/access-entry-fix.ts";
import { editAwsAuth } from "../../fixes/aws-auth-fixes.ts";

/**
 * A line for the cluster's creator takes the place of the hidden right that comes with CONFIG_MAP. Who the creator is stands in
 * CloudTrail, not in this evidence, so it is only possible.
 *
 * Source: doctor/EKS-ACCESS.md, "Authentication mode".
 */
export const awsAuthCreator = defineLegacyRule({
  code: "aws-auth-creator",
  stage: "mapping",
  causes: ["A14"],
  expects: "no line of aws-auth takes the creator's hidden right away",
  needs: ["mapping", "authenticationMode", "symptom"],
  judge(facts) {
    const match = facts.mapping.awsAuthMatch;
    if (match === undefined || !mayBeCreator(facts)) return [];
    return [
      {
        cause: "A14",
        stage: "mapping",
        severity: "error",
        confidence: "possible",
        summary: `If the caller made the cluster, the line in aws-auth (${match.username}) took the place of full rights.`,
        evidence: [
          "The mode is CONFIG_MAP, in which the creator is administrator without any line.",
          `aws-auth makes the caller ${match.username} in ${match.groups.join(", ") || "no group"}, and nobody in it is in system:masters.`,
        ],
        falsifiedBy: "CloudTrail's CreateCluster names somebody else.",
        fixes: [
          editAwsAuth("If the caller is the creator, take the line out: the hidden right counts again."),
          accessEntryFix(facts),
        ],
        inferred: true,
      },
    ];
  },
});
