import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { associatedWith } from "../../derive/authorization/authorization.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import type { AwsAuthMatch } from "../../derive/mapping/aws-auth.ts";
import { entryUsername } from "../../derive/mapping/mapping.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import type { AccessEntryJson } from "../../evidence/evidence.ts";
import {
  accessPolicyArn,
  associatePolicy,
  CLUSTER_SCOPE,
  deleteEntry,
  setGroups,
} from "../../fixes/access-entry-actions.ts";
import type { Fix } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/** An entry takes over entirely: what aws-auth gives the same principal counts for nothing. */
export const eksAccessEntryOverridesAwsAuth = defineLegacyRule({
  code: "eks-access-entry-overrides-aws-auth",
  stage: "mapping",
  causes: ["E11"],
  expects: "no access entry takes away what aws-auth gives the caller",
  needs: ["mapping", "principal"],
  judge(facts) {
    const { by, entry, awsAuthMatch } = facts.mapping;
    if (
      by !== "entry" ||
      entry === undefined ||
      awsAuthMatch === undefined ||
      facts.authenticationMode === "API"
    )
      return [];
    const lost = awsAuthMatch.groups.filter((group) => !(entry.kubernetesGroups ?? []).includes(group));
    const confidence = sureness(facts, entry, lost);
    if (confidence === undefined) return [];
    return [
      {
        cause: "E11",
        stage: "mapping",
        severity: "error",
        confidence,
        summary: `The access entry of ${entry.principalArn} takes over entirely: the groups that aws-auth gives (${lost.join(", ")}) do not count.`,
        evidence: [
          ...(facts.symptom?.kind === "forbidden"
            ? [`The refusal names the user "${facts.symptom.user}", the entry's.`]
            : []),
          `aws-auth has it under ${awsAuthMatch.by}: username ${awsAuthMatch.username}, groups ${awsAuthMatch.groups.join(", ")}.`,
          `The entry has groups ${entry.kubernetesGroups?.join(", ") || "none"}; there is no union of the two.`,
        ],
        falsifiedBy: sentence`${kubectl("auth whoami")} shows aws-auth's username, or its groups.`,
        fixes: fixes(facts, entry, awsAuthMatch),
        explains: ["E5", "E9", "P1", "P2", "P3", "P4", "P5", "P10", "P13", "R1", "R4", "R7"],
      },
    ];
  },
});

/**
 * A refusal of the entry's own user proves it where aws-auth would have let in everything. Without a refusal only an entry
 * that grants nothing is a fault: entries with rights beside an old aws-auth are how clusters migrate.
 */
function sureness(facts: Facts, entry: AccessEntryJson, lost: readonly string[]): Confidence | undefined {
  const { symptom, principal, evidence } = facts;
  if (lost.length === 0 || principal === undefined) return undefined;
  if (symptom === undefined) {
    const isEmpty = associatedWith(evidence, entry)?.length === 0 && entry.kubernetesGroups?.length === 0;
    return isEmpty ? "certain" : undefined;
  }
  if (symptom.kind !== "forbidden" || symptom.escalation) return undefined;
  const user = entryUsername(entry, principal);
  if (user !== undefined && symptom.user !== "" && symptom.user !== user) return undefined;
  return lost.includes("system:masters") && user === symptom.user ? "certain" : "likely";
}

function fixes(facts: Facts, entry: AccessEntryJson, { groups }: AwsAuthMatch): Fix[] {
  const target = commandTarget(facts);
  const own = groups.filter((group) => !group.startsWith("system:"));
  const isAdmin = groups.includes("system:masters");
  const all = [...new Set([...(entry.kubernetesGroups ?? []), ...own])];
  const admin = {
    policyArn: accessPolicyArn(target, "AmazonEKSClusterAdminPolicy"),
    accessScope: CLUSTER_SCOPE,
  };
  return [
    {
      audience: "cluster-admin",
      description: "Give the entry the rights that aws-auth meant.",
      actions: [
        ...(isAdmin ? [associatePolicy(target, entry.principalArn, admin)] : []),
        ...(own.length === 0 ? [] : [setGroups(target, entry.principalArn, all)]),
      ],
    },
    {
      audience: "cluster-admin",
      description: "Or delete the entry: then aws-auth counts again.",
      actions: [deleteEntry(target, entry.principalArn)],
    },
  ];
}
