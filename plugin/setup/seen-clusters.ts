import fs from "node:fs";
import type { VouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import { type KubeconfigView, ownedCluster } from "../../token/kubeconfig/kubeconfig-view.ts";
import { recordedAt } from "../../token/mint/cluster-records.ts";
import { type CacheEntry, listTokens } from "../../token/mint/token-cache.ts";
import { vouchContexts } from "../vouch/vouch-contexts.ts";
import type { Desk } from "../workplace/workplace.ts";
import type { ProfileRound } from "./all-profiles.ts";
import type { ListedCluster } from "./cluster-list.ts";
import type { FoundSetup } from "./eks-entries.ts";
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
function isContextOf({ stanza, clusterArn }: ClusterContext, cluster: ListedCluster): boolean {
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

/** A cluster, once for all profiles that see it. */
export interface SeenCluster extends ListedCluster {
  /** In the order of the files; none for credentials without a profile. */
  readonly profiles: readonly string[];
  /** Our contexts for it, the one that was used last first. */
  readonly contexts: readonly ClusterContext[];
}

/** All clusters that were found, by name. `contexts` are sorted as `clusterContexts` returns them. */
export function seenClusters(
  { done, passedOver }: Pick<ProfileRound<FoundSetup>, "done" | "passedOver">,
  contexts: readonly ClusterContext[],
): SeenCluster[] {
  const seen = new Map<string, { readonly cluster: ListedCluster; readonly profiles: string[] }>();
  for (const { identity, found } of done)
    for (const cluster of found.listed) {
      const { profiles } = seen.get(cluster.arn) ?? add(seen, cluster);
      profiles.push(...namesOf(identity.profile, passedOver).filter((name) => !profiles.includes(name)));
    }
  return [...seen.values()]
    .map(({ cluster: { name, region, accountId, arn }, profiles }) => ({
      ...{ name, region, accountId, arn, profiles },
      contexts: contexts.filter((context) => isContextOf(context, { name, region, accountId, arn })),
    }))
    .toSorted((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
}

/** Those with a context first, the one that was used last before all; the others stay in their order. */
export function knownFirst(clusters: readonly SeenCluster[]): SeenCluster[] {
  const usedAt = ({ contexts: [context] }: SeenCluster) => context?.usedAt ?? -1;
  return clusters.toSorted((one, other) => usedAt(other) - usedAt(one));
}

function add(
  seen: Map<string, { readonly cluster: ListedCluster; readonly profiles: string[] }>,
  cluster: ListedCluster,
) {
  const entry = { cluster, profiles: [] };
  seen.set(cluster.arn, entry);
  return entry;
}

/** A profile, and those that have the same identity. */
function namesOf(
  profile: string | undefined,
  passedOver: ProfileRound<unknown>["passedOver"],
): readonly string[] {
  if (profile === undefined) return [];
  return [profile, ...passedOver.filter(({ sameAs }) => sameAs === profile).map((one) => one.profile)];
}

function sortKey({ name, region, accountId }: ListedCluster): string {
  return [name, region, accountId].join(" ");
}
