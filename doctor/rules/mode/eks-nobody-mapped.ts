import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { principalArn } from "../../derive/identity/principal-arn.ts";
import { authFailureConfidence, minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { mapsPeople } from "../../derive/mapping/aws-auth-people.ts";
import { entriesHavePeople } from "../../derive/mapping/entry-people.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import {
  accessPolicyArn,
  associatePolicy,
  CLUSTER_SCOPE,
  createEntry,
} from "../../fixes/access-entry-actions.ts";
import type { Action } from "../../fixes/fix.ts";

/**
 * The cluster was made without an administrator, and nobody has been let in since: two rows, by whether the creator was
 * meant to be the administrator (M5: that entry is gone) or not (M4).
 */
export const eksNobodyMapped = defineLegacyRule({
  code: "eks-nobody-mapped",
  stage: "mode",
  causes: ["M4", "M5"],
  expects: "the cluster lets in at least one person",
  needs: ["cluster"],
  judge(facts) {
    const { cluster, authenticationMode, mapping, evidence } = facts;
    const confidence = authFailureConfidence(facts);
    const bootstrap = cluster.accessConfig?.bootstrapClusterCreatorAdminPermissions;
    if (confidence === undefined || bootstrap === undefined) return [];
    if (
      authenticationMode === "CONFIG_MAP" ||
      mapping?.by === "entry" ||
      entriesHavePeople(evidence) !== false
    )
      return [];
    const byAwsAuth = authenticationMode === "API" ? false : mapping?.awsAuth && mapsPeople(mapping.awsAuth);
    if (byAwsAuth === true) return [];
    const isKnown = authenticationMode === "API" || mapping?.awsAuth !== undefined;
    return [
      nobody(facts, {
        bootstrap,
        confidence: minConfidence(confidence, isKnown && !bootstrap ? "certain" : "likely"),
      }),
    ];
  },
});

function nobody(
  facts: Facts,
  { bootstrap, confidence }: { readonly bootstrap: boolean; readonly confidence: Confidence },
): LegacyFinding {
  const target = commandTarget(facts);
  const why = bootstrap
    ? "its creator's own entry is gone"
    : "it was made without its creator as administrator";
  return {
    cause: bootstrap ? "M5" : "M4",
    stage: "mode",
    severity: "error",
    confidence,
    summary: `Cluster ${target.cluster} lets in nobody: ${why}, and no other person has an entry.`,
    evidence: [
      `accessConfig.bootstrapClusterCreatorAdminPermissions is ${bootstrap} (it tells of the day the cluster was made).`,
      "No access entry is a person's: all belong to nodes or AWS services, or there are none.",
    ],
    falsifiedBy:
      "Somebody gets in; then ask CloudTrail (event CreateCluster) which principal made the cluster.",
    fixes: [
      {
        audience: "cluster-admin",
        description: "With any principal that may call eks:*: make an administrator's entry.",
        actions: administrator(facts),
      },
    ],
    explains: ["E1", "A1"],
  };
}

function administrator(facts: Facts): Action[] {
  const target = commandTarget(facts);
  const { principal } = facts;
  const who = principal === undefined ? "PRINCIPAL_ARN" : principalArn(facts, principal);
  return [
    createEntry(target, who),
    associatePolicy(target, who, {
      policyArn: accessPolicyArn(target, "AmazonEKSClusterAdminPolicy"),
      accessScope: CLUSTER_SCOPE,
    }),
  ];
}
