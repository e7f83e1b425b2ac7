import { type Conclusion, defineRule, found } from "../../check/rule.ts";
import { creatorOf, describeCreator, type KnownCreator } from "../../derive/mapping/possible-creator.ts";
import { accessEntryFix } from "../../fixes/access-entry-fix.ts";
import { editAwsAuth } from "../../fixes/aws-auth-fixes.ts";

/**
 * A mapping for the cluster creator replaces the built-in admin access that CONFIG_MAP grants. If neither CloudTrail nor a user
 * identifies the creator, it is never more than *possible*.
 *
 * Source: doctor/EKS-ACCESS.md, "Authentication mode".
 */
export const awsAuthCreator = defineRule({
  cause: {
    id: "A14",
    what: "An aws-auth mapping replaces the cluster creator's built-in admin access with fewer permissions.",
    seen: "the creator is locked out",
    remedy: "Cluster admin: remove the creator's mapping from aws-auth, or grant it what the creator needs.",
  },
  expects: "no aws-auth mapping replaces the cluster creator's built-in admin access",
  needs: ["possibleCreator"],
  check({ possibleCreator: { username, groups } }, seen) {
    const creator = creatorOf(seen);
    return found({
      ...confidenceBy(creator),
      describe: (facts) => ({
        summary: `${creator === undefined ? "If the caller created the cluster, the" : "The caller created the cluster, but the"} aws-auth mapping (${username}) replaced full admin access.`,
        evidence: [
          "The authentication mode is CONFIG_MAP, in which the cluster creator is an admin without any mapping.",
          creator && describeCreator(creator),
          `aws-auth maps the caller to username ${username}, groups ${groups.join(", ") || "none"}${creator === undefined ? "; it does not map any user to system:masters" : ""}.`,
        ],
        falsifiedBy: "The CreateCluster event in CloudTrail shows a different principal.",
        fixes: [
          editAwsAuth(
            "If the caller is the creator, remove the mapping to restore the built-in admin access.",
          ),
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
