import { type Conclusion, cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { type Confidence, minConfidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { entryArn } from "../../derive/identity/principal-arn.ts";
import { awsAuthHasPeople } from "../../derive/mapping/aws-auth-view.ts";
import { creatorOf, describeCreator } from "../../derive/mapping/possible-creator.ts";
import { entriesHavePeople } from "../../eks/mapping/entry-people.ts";
import { type ClusterCreator, hasMore } from "../../evidence/evidence.ts";
import { associateClusterWide, createEntry } from "../../fixes/access-entry-actions.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { entryMeant, withMeant } from "../../fixes/grant-fixes.ts";

/**
 * The cluster was created without an admin, and no one has been granted access since. There are two causes, depending on whether
 * the creator was meant to be the admin (M5: that access entry no longer exists) or not (M4).
 */
export const eksNobodyMapped = defineRule({
  cause: {
    id: "M4",
    what: "The cluster was created without its creator as cluster admin, and it does not have access entries for users.",
    seen: "401 for every user",
    remedy: "Cluster admin: as any principal that is allowed to call eks:*, create an access entry.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
  },
  alsoFinds: [
    {
      id: "M5",
      what: "The creator's access entry no longer exists, or the creator was a pipeline, not the user.",
      seen: "the creator gets 401",
      remedy: "Cluster admin: as any principal that is allowed to call eks:*, create an access entry.",
    },
  ],
  expects: "at least one user can access the cluster",
  needs: ["cluster"],
  check({ cluster }, seen) {
    const bootstrap = cluster.accessConfig?.bootstrapClusterCreatorAdminPermissions;
    if (bootstrap === undefined) return doesNotApply("EKS does not report how the cluster was created");
    if (seen.authenticationMode === "CONFIG_MAP") return doesNotApply("only aws-auth applies");
    const confidence = seen.authFailureConfidence;
    if (confidence === undefined) return passed;
    const creator = creatorOf(seen);
    // An entry that exists but does not match is a different fault (E3).
    const isGone = seen.mapping?.by === "nobody" && seen.mapping.entry === undefined;
    if (bootstrap && creator?.isCaller && isGone)
      return found(creatorsEntryGone(creator, minConfidence(confidence, creator.confidence)));
    const hasPeople = entriesHavePeople(seen.evidence);
    if (hasPeople === undefined)
      return cannotTell(hasMore(seen.evidence, "accessEntries") ? "accessEntries" : "accessEntryDetails");
    if (hasPeople === true || seen.mapping?.by === "entry") return passed;
    const isMapped = awsAuthHasPeople(seen);
    // Another way works, so some user is mapped.
    if (isMapped === true || seen.workingWays.length > 0) return passed;
    return found({
      cause: bootstrap ? "M5" : "M4",
      confidence: minConfidence(
        confidence,
        isMapped === false && !bootstrap && hasPeople === false ? "certain" : "likely",
      ),
      explains: ["E1", "A1"],
      describe: (facts) => {
        const { target } = facts;
        return {
          summary: `No user can access cluster ${target.cluster}: ${bootstrap ? "its creator's access entry no longer exists" : "it was created without its creator as cluster admin"}, and other users do not have access entries.`,
          evidence: [
            `accessConfig.bootstrapClusterCreatorAdminPermissions is ${bootstrap} (as set when the cluster was created).`,
            "No access entry is for a user: all are for nodes or AWS services, or none exist.",
          ],
          falsifiedBy:
            "A user can access the cluster; in that case, CloudTrail (event CreateCluster) shows which principal created it.",
          fixes: firstEntries(facts),
        };
      },
    });
  },
});

/** Others may have access entries: the creator, who is the caller, had one and no longer has it. */
function creatorsEntryGone(creator: ClusterCreator, confidence: Confidence): Conclusion {
  return {
    cause: "M5",
    confidence,
    explains: ["E1", "A1"],
    describe: (facts) => ({
      summary: `The caller created cluster ${facts.target.cluster}, but the creator's access entry no longer exists.`,
      evidence: [
        describeCreator(creator),
        "accessConfig.bootstrapClusterCreatorAdminPermissions is true (as set when the cluster was created), so the creator had an access entry.",
        "Now neither an access entry nor an aws-auth mapping matches the caller.",
      ],
      falsifiedBy: "The list of access entries includes the creator.",
      fixes: [creatorsEntry(facts)],
    }),
  };
}

/** The creator was the cluster admin. */
function creatorsEntry(facts: Facts): Fix {
  const { target, principal } = facts;
  const who = principal === undefined ? "PRINCIPAL_ARN" : entryArn(facts, principal);
  return forClusterAdmin(
    "With any principal that can call eks:*, recreate the creator's access entry.",
    createEntry(target, who),
    associateClusterWide(target, who, "AmazonEKSClusterAdminPolicy"),
  );
}

/** The user who asks is not necessarily the one who will administer the cluster. */
function firstEntries(facts: Facts): Fix[] {
  const { target, principal } = facts;
  const who = principal === undefined ? "PRINCIPAL_ARN" : entryArn(facts, principal);
  return [
    forClusterAdmin(
      `With any principal that can call eks:*, create an access entry for the caller, ${withMeant(facts, who)}.`,
      ...entryMeant(facts, who),
    ),
    forClusterAdmin(
      "Also choose who will administer the cluster.",
      createEntry(target, "ADMIN_ARN"),
      associateClusterWide(target, "ADMIN_ARN", "AmazonEKSClusterAdminPolicy"),
    ),
  ];
}
