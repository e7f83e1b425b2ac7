import { kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { associatedWith } from "../../derive/authorization/authorization.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import type { EksTarget } from "../../derive/target/target-cluster.ts";
import type { AwsAuthMatch } from "../../eks/aws-auth/aws-auth.ts";
import { entryUsername } from "../../eks/mapping/mapping.ts";
import type { AccessEntryJson } from "../../evidence/evidence.ts";
import {
  associateClusterWide,
  deleteEntry,
  moreGroups,
  setGroups,
} from "../../fixes/access-entry-actions.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { reviewedGroups } from "../shared/refuted.ts";

/** An entry takes precedence completely: what aws-auth grants the same principal has no effect. */
export const eksAccessEntryOverridesAwsAuth = defineRule({
  cause: {
    id: "E11",
    what: "An access entry for the same principal completely replaces its aws-auth mapping.",
    seen: "403 although aws-auth grants admin",
    remedy: "Cluster admin: grant the entry the permissions that aws-auth granted, or delete the entry.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/migrating-access-entries.html",
  },
  expects: "no access entry overrides what aws-auth grants the caller",
  needs: ["mapping", "principal"],
  check({ mapping }, seen) {
    const { symptom } = seen;
    if (symptom !== undefined && (symptom.kind !== "forbidden" || symptom.escalation))
      return doesNotApply("no request is denied for missing permissions");
    if (seen.authenticationMode === "API") return doesNotApply("the cluster does not read aws-auth");
    const { entry, awsAuthMatch: match } = mapping;
    if (entry === undefined || match === undefined)
      return doesNotApply("the caller does not have both an access entry and an aws-auth mapping");
    const groups = entry.kubernetesGroups ?? [];
    const lost = match.groups.filter((group) => !groups.includes(group));
    if (lost.length === 0) return passed;
    if (match.username.startsWith("system:node:") && entry.type !== "STANDARD")
      return doesNotApply("the access entry is for nodes, and so is the aws-auth mapping");
    if (mapping.by !== "entry") return doesNotApply("the access entry does not map the caller");
    const confidence = confidenceOf(seen, entry, lost);
    if (confidence === undefined)
      return doesNotApply("the access entry grants its own permissions or maps a different user");
    return found({
      confidence,
      explains: ["E5", "E9", "P1", "P2", "P3", "P4", "P5", "P10", "P13", "R1", "R4", "R7"],
      describe: ({ target }) => ({
        summary: `The access entry for ${entry.principalArn} overrides its aws-auth mapping, so ${lost.length === 1 ? "group" : "groups"} ${lost.join(", ")} from aws-auth ${lost.length === 1 ? "is" : "are"} ignored.`,
        evidence: [
          symptom && `The denial is for user "${symptom.user}", the username of the access entry.`,
          `aws-auth maps it under ${match.by}: username ${match.username}, groups ${match.groups.join(", ")}.`,
          `The access entry's groups: ${groups.join(", ") || "none"}. EKS does not combine the two.`,
        ],
        falsifiedBy: sentence`${kubectl("auth whoami")} shows the username or groups from aws-auth.`,
        fixes: fixes(target, entry, match),
      }),
    });
  },
  refuted(seen) {
    const { awsAuthMatch, entry } = seen.mapping ?? {};
    const lost = awsAuthMatch?.groups.filter((group) => !entry?.kubernetesGroups?.includes(group)) ?? [];
    return reviewedGroups(seen).some((group) => lost.includes(group));
  },
});

/**
 * A denial for the entry's own username proves it if aws-auth would have granted everything. Without a denial, only an entry that
 * grants nothing is a fault: entries with permissions next to an old aws-auth are normal during a migration.
 */
function confidenceOf(seen: Facts, entry: AccessEntryJson, lost: readonly string[]): Confidence | undefined {
  if (seen.symptom?.kind !== "forbidden") {
    const hasNoGroup = entry.kubernetesGroups?.length === 0;
    return hasNoGroup && associatedWith(seen.evidence, entry)?.length === 0 ? "certain" : undefined;
  }
  const refused = seen.symptom.user;
  const user = seen.principal && entryUsername(entry, seen.principal);
  if (user !== undefined && refused !== "" && refused !== user) return undefined;
  return lost.includes("system:masters") && user === refused ? "certain" : "likely";
}

function fixes(target: EksTarget, entry: AccessEntryJson, { groups }: AwsAuthMatch): Fix[] {
  const { principalArn } = entry;
  const own = groups.filter((group) => !group.startsWith("system:"));
  const isAdmin = groups.includes("system:masters");
  return [
    forClusterAdmin(
      "Grant the access entry the permissions that were meant in aws-auth.",
      ...(isAdmin ? [associateClusterWide(target, principalArn, "AmazonEKSClusterAdminPolicy")] : []),
      ...(own.length === 0 ? [] : setGroups(target, entry, moreGroups(entry, own))),
    ),
    forClusterAdmin(
      "Or delete the access entry so that aws-auth applies again.",
      deleteEntry(target, principalArn),
    ),
  ];
}
