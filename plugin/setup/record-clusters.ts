import { parseRoleArn } from "../../token/aws/arn.ts";
import {
  type ClusterKey,
  clusterRecord,
  forgetClusterRecord,
  keepClusterRecord,
} from "../../token/mint/cluster-records.ts";
import type { VouchContext } from "../vouch/vouch-contexts.ts";
import { clusterArn, type EksEntry } from "./eks-entry.ts";
import type { EksPlan } from "./eks-plan.ts";

/** Records the API servers that the written entries name, and forgets those of clusters that are gone. */
export function recordClusters(
  state: string,
  entries: readonly EksEntry[],
  { setups, migrations, pruned }: Pick<EksPlan, "setups" | "migrations" | "pruned">,
): void {
  for (const { clusterArn } of pruned) {
    const [, , , region = "", account = "", resource = ""] = clusterArn.split(":");
    forgetClusterRecord(state, { cluster: resource.replace("cluster/", ""), region, account });
  }
  for (const entry of entries) {
    const arn = clusterArn(entry);
    const setup = setups.find((one) => one.clusterArn === arn);
    const isWritten = setup !== undefined || migrations.some((one) => one.migrated && one.clusterArn === arn);
    if (!isWritten) continue;
    const record = clusterRecord(entry, setup?.tlsServerName);
    keepClusterRecord(state, keyOf(entry.clusterName, entry), record);
  }
}

/** Forgets the records of clusters that had a context of ours before and have none now. */
export function forgetLostClusters(
  state: string,
  before: readonly VouchContext[],
  now: readonly VouchContext[],
): void {
  const kept = new Set(now.flatMap(keysOf).map((key) => JSON.stringify(key)));
  for (const key of before.flatMap(keysOf)) {
    if (!kept.has(JSON.stringify(key))) forgetClusterRecord(state, key);
  }
}

function keysOf({ stanza: { clusterName, region, role } }: VouchContext): ClusterKey[] {
  if (region === undefined || role === undefined) return [];
  try {
    return [keyOf(clusterName, { region, role })];
  } catch {
    return [];
  }
}

function keyOf(
  cluster: string,
  { region, role }: { readonly region: string; readonly role: string },
): ClusterKey {
  return { cluster, region, account: parseRoleArn(role).account };
}
