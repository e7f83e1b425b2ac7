import { defineRule } from "../../check/rule.ts";
import { type Conclusion, cannotTell, doesNotApply, found, passed } from "../../check/verdict.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { entryArn } from "../../derive/identity/principal-arn.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { awsAuthHasPeople } from "../../derive/mapping/aws-auth-people.ts";
import { entriesHavePeople } from "../../derive/mapping/entry-people.ts";
import { creatorOf, sayCreator } from "../../derive/mapping/possible-creator.ts";
import { type ClusterCreator, hasMore } from "../../evidence/evidence.ts";
import { associateClusterWide, createEntry } from "../../fixes/access-entry-actions.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { entryMeant, withMeant } from "../../fixes/meant-policy.ts";

/**
 * The cluster was created without an administrator, and nobody has been let in since. There are two rows, depending on whether
 * the creator was meant to be the administrator (M5: that entry is gone) or not (M4).
 */
export const eksNobodyMapped = defineRule({
  causes: [
    {
      id: "M4",
      what: "The cluster was created without rights for its creator, and nobody has an entry.",
      seen: "nobody gets in",
    },
    {
      id: "M5",
      what: "The creator's entry is gone, or the creator was a pipeline and not the person.",
      seen: "the creator gets 401",
    },
  ],
  expects: "the cluster lets in at least one person",
  needs: ["cluster"],
  check({ cluster }, seen) {
    const bootstrap = cluster.accessConfig?.bootstrapClusterCreatorAdminPermissions;
    if (bootstrap === undefined) return doesNotApply("EKS does not say how the cluster was created");
    if (seen.authenticationMode === "CONFIG_MAP") return doesNotApply("aws-auth alone decides");
    const confidence = seen.authFailureConfidence;
    if (confidence === undefined) return passed;
    const creator = creatorOf(seen);
    // An entry that exists but does not match is another fault (E3).
    const isGone = seen.mapping?.by === "nobody" && seen.mapping.entry === undefined;
    if (bootstrap && creator?.isCaller && isGone)
      return found(creatorsEntryGone(creator, minConfidence(confidence, creator.confidence)));
    const hasPeople = entriesHavePeople(seen.evidence);
    if (hasPeople === undefined)
      return cannotTell(hasMore(seen.evidence, "accessEntries") ? "accessEntries" : "accessEntryDetails");
    if (hasPeople === true || seen.mapping?.by === "entry") return passed;
    const isMapped = awsAuthHasPeople(seen);
    // Somebody gets in another way, so somebody is mapped.
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
          summary: `Cluster ${target.cluster} lets nobody in: ${bootstrap ? "its creator's own entry is gone" : "it was created without its creator as administrator"}, and no other person has an entry.`,
          evidence: [
            `accessConfig.bootstrapClusterCreatorAdminPermissions is ${bootstrap} (as it was when the cluster was created).`,
            "No access entry is a person's: all belong to nodes or AWS services, or there are none.",
          ],
          falsifiedBy:
            "Somebody gets in; then ask CloudTrail (event CreateCluster) which principal created the cluster.",
          fixes: firstEntries(facts),
        };
      },
    });
  },
});

/** Others may have entries: the creator, who is the caller, had one and no longer has it. */
function creatorsEntryGone(creator: ClusterCreator, confidence: Confidence): Conclusion {
  return {
    cause: "M5",
    confidence,
    explains: ["E1", "A1"],
    describe: (facts) => ({
      summary: `Cluster ${facts.target.cluster} was created by the caller, and the creator's own entry is gone.`,
      evidence: [
        sayCreator(creator),
        "accessConfig.bootstrapClusterCreatorAdminPermissions is true (as it was when the cluster was created), so that there was an entry.",
        "Today neither an access entry nor aws-auth names the caller.",
      ],
      falsifiedBy: "The list of access entries has the creator.",
      fixes: [creatorsEntry(facts)],
    }),
  };
}

/** The creator was the administrator. */
function creatorsEntry(facts: Facts): Fix {
  const { target, principal } = facts;
  const who = principal === undefined ? "PRINCIPAL_ARN" : entryArn(facts, principal);
  return forClusterAdmin(
    "With any principal that may call eks:*: restore the creator's entry.",
    createEntry(target, who),
    associateClusterWide(target, who, "AmazonEKSClusterAdminPolicy"),
  );
}

/** Whoever asks need not be the one who is to administer the cluster. */
function firstEntries(facts: Facts): Fix[] {
  const { target, principal } = facts;
  const who = principal === undefined ? "PRINCIPAL_ARN" : entryArn(facts, principal);
  return [
    forClusterAdmin(
      `With any principal that may call eks:*: let the caller in, ${withMeant(facts, who)}.`,
      ...entryMeant(facts, who),
    ),
    forClusterAdmin(
      "And choose who is to administer the cluster.",
      createEntry(target, "ADMIN_ARN"),
      associateClusterWide(target, "ADMIN_ARN", "AmazonEKSClusterAdminPolicy"),
    ),
  ];
}
