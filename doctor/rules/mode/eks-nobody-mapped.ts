import { defineRule } from "../../check/rule.ts";
import { cannotTell, doesNotApply, found, passed } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import { principalArn } from "../../derive/identity/principal-arn.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { mapsPeople } from "../../derive/mapping/aws-auth-people.ts";
import { entriesHavePeople } from "../../derive/mapping/entry-people.ts";
import { associateClusterWide, createEntry } from "../../fixes/access-entry-actions.ts";
import { forClusterAdmin } from "../../fixes/fix.ts";

/**
 * The cluster was created without an administrator, and nobody has been let in since: two rows, by whether the creator was
 * meant to be the administrator (M5: that entry is gone) or not (M4).
 */
export const eksNobodyMapped = defineRule({
  causes: ["M4", "M5"],
  expects: "the cluster lets in at least one person",
  needs: ["cluster"],
  reads: ["authFailureConfidence", "authenticationMode", "mapping", "accessEntries", "accessEntryDetails"],
  check({ cluster }, seen) {
    const bootstrap = cluster.accessConfig?.bootstrapClusterCreatorAdminPermissions;
    if (bootstrap === undefined) return doesNotApply("EKS does not say how the cluster was created");
    if (seen.authenticationMode === "CONFIG_MAP") return doesNotApply("aws-auth alone decides");
    const confidence = seen.authFailureConfidence;
    if (confidence === undefined) return passed;
    const hasPeople = entriesHavePeople(seen.evidence);
    if (hasPeople === undefined) return cannotTell("accessEntryDetails");
    if (hasPeople || seen.mapping?.by === "entry") return passed;
    const isMapped = isMappedByAwsAuth(seen);
    if (isMapped === true) return passed;
    return found({
      cause: bootstrap ? "M5" : "M4",
      confidence: minConfidence(confidence, isMapped === false && !bootstrap ? "certain" : "likely"),
      explains: ["E1", "A1"],
      describe: (facts) => {
        const { target, principal } = facts;
        const who = principal === undefined ? "PRINCIPAL_ARN" : principalArn(facts, principal);
        return {
          summary: `Cluster ${target.cluster} lets in nobody: ${bootstrap ? "its creator's own entry is gone" : "it was created without its creator as administrator"}, and no other person has an entry.`,
          evidence: [
            `accessConfig.bootstrapClusterCreatorAdminPermissions is ${bootstrap} (as it was when the cluster was created).`,
            "No access entry is a person's: all belong to nodes or AWS services, or there are none.",
          ],
          falsifiedBy:
            "Somebody gets in; then ask CloudTrail (event CreateCluster) which principal created the cluster.",
          fixes: [
            forClusterAdmin(
              "With any principal that may call eks:*: create an administrator's entry.",
              createEntry(target, who),
              associateClusterWide(target, who, "AmazonEKSClusterAdminPolicy"),
            ),
          ],
        };
      },
    });
  },
});

/** Undefined: not known. */
function isMappedByAwsAuth(seen: Facts): boolean | undefined {
  if (seen.authenticationMode === "API") return false;
  const awsAuth = seen.mapping?.awsAuth;
  if (awsAuth === null) return false;
  const maps = awsAuth && mapsPeople(awsAuth);
  return maps === false && seen.mapping?.awsAuthIsExcerpt ? undefined : maps;
}
