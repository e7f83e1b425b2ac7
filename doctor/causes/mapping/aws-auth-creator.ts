import { defineRule } from "../../check/rule.ts";
import { type Conclusion, found } from "../../check/verdict.ts";
import { creatorOf, type KnownCreator, sayCreator } from "../../derive/mapping/possible-creator.ts";
import { accessEntryFix } from "../../fixes/access-entry-fix.ts";
import { editAwsAuth } from "../../fixes/aws-auth-fixes.ts";

/**
 * A line for the cluster's creator replaces the hidden right that CONFIG_MAP gives. If neither CloudTrail nor a person says who
 * the creator is, it is never more than *possible*.
 *
 * Source: doctor/EKS-ACCESS.md, "Authentication mode".
 */
export const awsAuthCreator = defineRule({
  causes: [
    {
      id: "A14",
      what: "A line gives the cluster's creator less than the creator has without it.",
      seen: "the creator is locked out",
    },
  ],
  expects: "no line of aws-auth takes the creator's hidden right away",
  needs: ["possibleCreator"],
  check({ possibleCreator: { username, groups } }, seen) {
    const creator = creatorOf(seen);
    return found({
      ...confidenceBy(creator),
      describe: (facts) => ({
        summary: `${creator === undefined ? "If the caller created the cluster, the" : "The caller created the cluster, and the"} line in aws-auth (${username}) replaced full rights.`,
        evidence: [
          "The mode is CONFIG_MAP, in which the creator is administrator without any line.",
          creator && sayCreator(creator),
          `aws-auth makes the caller ${username} in ${groups.join(", ") || "no group"}${creator === undefined ? ", and nobody in it is in system:masters" : ""}.`,
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

function confidenceBy(
  creator: KnownCreator | undefined,
): Pick<Conclusion, "confidence" | "inferred" | "explains"> {
  if (creator === undefined) return { confidence: "possible", inferred: true };
  return { confidence: creator.confidence, explains: ["R1", "R4", "R7", "E5"] };
}
