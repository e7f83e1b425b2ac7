import fs from "node:fs";
import type { VouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import { type KubeconfigView, ownedCluster } from "../../token/kubeconfig/kubeconfig-view.ts";
import { recordedAt } from "../../token/mint/cluster-records.ts";
import { type CacheEntry, listTokens } from "../../token/mint/token-cache.ts";
import { vouchContexts } from "../vouch/vouch-contexts.ts";
import type { Desk } from "../workplace/workplace.ts";
import type { ListedCluster } from "./cluster-list.ts";
import { keysOf } from "./record-clusters.ts";

/** A context of ours, and its cluster. */
export interface ClusterContext {
  readonly name: string;
  readonly stanza: VouchStanza;
  /** Undefined if the kubeconfig does not contain it. */
  readonly clusterArn: string | undefined;
  /** When it last got a token, or was set up, as far as our files tell; in milliseconds since 1970. */
  readonly usedAt: number;
}

/** Our contexts in the kubeconfig, the one that was used last first. */
export function clusterContexts({ app, workplace }: Desk, view: KubeconfigView): ClusterContext[] {
  const { state } = workplace.folders;
  const tokens = listTokens(state);
  return vouchContexts(view)
    .map(({ name, cluster, stanza }) => {
      const minted = tokens.filter((token) => isOf(token, stanza)).map(({ file }) => changedAt(file));
      const recorded = keysOf(stanza, app).map((key) => recordedAt(state, key) ?? 0);
      const entry = view.entries.clusters.get(cluster)?.body;
      return {
        ...{ name, stanza, clusterArn: entry && ownedCluster(entry) },
        usedAt: Math.max(0, ...minted, ...recorded),
      };
    })
    .toSorted((one, other) => other.usedAt - one.usedAt);
}

/** Whether a context points to a cluster. Two accounts can have one of the same name. */
export function isContextOf({ stanza, clusterArn }: ClusterContext, cluster: ListedCluster): boolean {
  if (clusterArn !== undefined) return clusterArn === cluster.arn;
  return stanza.clusterName === cluster.name && stanza.region === cluster.region;
}

function isOf(token: CacheEntry, { clusterName, region, source }: VouchStanza): boolean {
  if (token.cluster !== clusterName || token.region !== region || token.role !== source.role) return false;
  if (source.kind === "vouch") return "server" in token;
  return "profile" in token && token.profile === source.profile;
}

/** 0 for a file that another process has just removed. */
function changedAt(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
