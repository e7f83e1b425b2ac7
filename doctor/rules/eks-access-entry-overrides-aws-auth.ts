import {
  accessPolicyArn,
  associatePolicy,
  CLUSTER_SCOPE,
  deleteEntry,
  setGroups,
} from "../eks/entry-commands.ts";
import type { AccessEntryJson } from "../evidence.ts";
import { associatedWith } from "../facts/authorization.ts";
import type { AwsAuthMatch } from "../facts/aws-auth.ts";
import { targetOf } from "../facts/eks-call.ts";
import type { Facts } from "../facts/facts.ts";
import { entryUsername } from "../facts/mapping.ts";
import { type Confidence, defineRule, type Mend } from "../rule.ts";

/** An entry takes over entirely: what aws-auth gives the same principal counts for nothing. */
export const eksAccessEntryOverridesAwsAuth = defineRule({
  code: "eks-access-entry-overrides-aws-auth",
  causes: ["E11"],
  expects: "no access entry takes away what aws-auth gives the caller",
  needs: ["mapping", "principal"],
  judge(facts) {
    const { by, entry, awsAuthMatch } = facts.mapping;
    if (by !== "entry" || entry === undefined || awsAuthMatch === undefined || facts.mode === "API")
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
        disproof: "`kubectl auth whoami` shows aws-auth's username, or its groups.",
        mends: mends(facts, entry, awsAuthMatch),
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

function mends(facts: Facts, entry: AccessEntryJson, { groups }: AwsAuthMatch): Mend[] {
  const target = targetOf(facts);
  const by = "an administrator of the cluster";
  const own = groups.filter((group) => !group.startsWith("system:"));
  const isAdmin = groups.includes("system:masters");
  const all = [...new Set([...(entry.kubernetesGroups ?? []), ...own])];
  const admin = {
    policyArn: accessPolicyArn(target, "AmazonEKSClusterAdminPolicy"),
    accessScope: CLUSTER_SCOPE,
  };
  return [
    {
      by,
      does: "Give the entry the rights that aws-auth meant.",
      commands: [
        ...(isAdmin ? [associatePolicy(target, entry.principalArn, admin)] : []),
        ...(own.length === 0 ? [] : [setGroups(target, entry.principalArn, all)]),
      ],
    },
    {
      by,
      does: "Or delete the entry: then aws-auth counts again.",
      commands: [deleteEntry(target, entry.principalArn)],
    },
  ];
}
