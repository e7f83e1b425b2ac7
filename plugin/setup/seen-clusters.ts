import type { ProfileRound } from "./all-profiles.ts";
import { type ClusterContext, isContextOf } from "./cluster-contexts.ts";
import type { ListedCluster } from "./cluster-list.ts";
import type { FoundSetup } from "./eks-entries.ts";

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
