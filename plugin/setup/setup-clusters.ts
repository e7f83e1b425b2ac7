import { parseRoleArn, requireSamePartition } from "../../token/aws/arn.ts";
import { signedStsHost } from "../../token/endpoints/aws-endpoint.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { partitionById, partitionOfRegion } from "../../token/hot/partition.ts";
import type { App } from "../app.ts";
import { regionsOfPartition } from "../cluster/aws-regions.ts";
import { clusterFacts } from "../cluster/eks-clusters.ts";
import { requireClusterId, requireClusterName } from "../cluster/recorded-cluster.ts";
import { withProgress } from "../terminal/progress.ts";
import { type FoundClusters, type ListWish, listClusters, wantedTags } from "./cluster-list.ts";
import { NO_ROLE } from "./eks-entry.ts";
import { knownClusters } from "./setup-hints.ts";
import { eksOf, type SetupIdentity } from "./setup-identity.ts";

interface ClusterWish {
  readonly cluster: string | undefined;
  /** ID of a local cluster on an Outpost, if one is given. */
  readonly clusterId: string | undefined;
  readonly all: boolean;
  /** Whether they are only to be listed: also in the identity's own region, where others are given. */
  readonly isListing: boolean;
  readonly match: string | undefined;
  readonly regions: readonly string[];
  readonly tag: readonly string[];
  readonly prune: boolean;
  /** Only what the kubeconfig already has is changed. */
  readonly inPlace: boolean;
  readonly kubeconfig: string | undefined;
  readonly agentRole: string | undefined;
}

/** Describes one cluster, or lists and describes all of the account in each region. Throws if no token can be signed there. */
export async function findClusters(
  app: App,
  identity: SetupIdentity,
  wish: ClusterWish,
): Promise<FoundClusters> {
  const wanted = wantedTags(wish.tag);
  const { regions, isEvery, notSearched } = regionsOf(identity, wish);
  for (const region of regions) {
    signedStsHost(region, app.env);
    for (const role of [identity.source.role, wish.agentRole])
      if (role !== undefined && role !== NO_ROLE) requireSamePartition(parseRoleArn(role), region);
  }
  const [region = ""] = regions;
  if (!wish.all) {
    const name = wish.cluster ?? "";
    requireClusterName(name);
    if (wish.clusterId !== undefined) requireClusterId(wish.clusterId);
    const facts = await withProgress(app, `Describing cluster ${name} in ${region}…`, async () => {
      const eks = await eksOf(app, identity, region);
      return clusterFacts(name, await eks.describeCluster(name), wish.clusterId);
    });
    return {
      ...{ clusters: [facts], listed: [facts], skipped: [], notSearched: [], failures: [] },
      live: { arns: new Set([facts.arn]), scopes: [] },
    };
  }
  const { source } = identity;
  const profile = source.kind === "aws" ? source.profile : undefined;
  const withProfile = profile === undefined ? "" : ` with AWS profile ${profile}`;
  const place = isEvery ? `${regions.length} regions` : regions.join(", ");
  return withProgress(app, `Listing clusters in ${place}${withProfile}…`, async (say) => {
    const home = isEvery ? homeOf(identity) : region;
    // What a user is asked for is asked for once, before other regions wait for it.
    if (regions.length > 1) await identity.credentials(home);
    return listClusters({
      ...{ regions, isEvery, notSearched, isListing: wish.isListing },
      account: identity.account(home),
      match: wish.match,
      wanted,
      prune: wish.prune,
      known: wish.inPlace && !wish.prune ? knownClusters(app, wish.kubeconfig) : [],
      withProfile,
      eksOf: (each) => eksOf(app, identity, each),
      say,
    });
  });
}

/** The value of `--regions` for all regions of the partition. */
export const EVERY_REGION = "all";

/** A region in which any caller of the partition can ask who they are. */
function homeOf({ partition = "aws", region }: SetupIdentity): string {
  return region ?? partitionById(partition)?.defaultRegion ?? "us-east-1";
}

/** The regions to search. Those of another partition are passed over, unless there are no others. */
function regionsOf(
  { partition, region }: SetupIdentity,
  { regions: given, cluster, isListing }: ClusterWish,
): Pick<ListWish, "regions" | "isEvery" | "notSearched"> {
  if (given.includes(EVERY_REGION))
    return { regions: regionsOfPartition(partition ?? "aws"), isEvery: true, notSearched: [] };
  const regions = isListing && region !== undefined && given.length > 0 ? [region, ...given] : given;
  const isOwn = (one: string) => partition === undefined || partitionOfRegion(one).id === partition;
  const [own, others] = [regions.filter(isOwn), regions.filter((one) => !isOwn(one))];
  if (own.length > 0) {
    const reason = `it is not in partition ${partition}`;
    const notSearched = others.map((one) => ({ region: one, reason }));
    return { regions: [...new Set(own)], isEvery: false, notSearched };
  }
  if (others.length > 0)
    throw new VouchError(
      "partition-mismatch",
      `None of these regions is in partition ${partition}: ${others.join(", ")}.`,
    );
  if (region !== undefined) return { regions: [region], isEvery: false, notSearched: [] };
  throw new VouchError(
    "region-missing",
    `The region of ${cluster === undefined ? "the clusters" : `cluster ${cluster}`} is unknown.`,
  );
}
