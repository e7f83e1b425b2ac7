import { parseRoleArn, requireSamePartition } from "../../token/aws/arn.ts";
import { signedStsHost } from "../../token/endpoints/aws-endpoint.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";
import { clusterFacts } from "../cluster/eks-clusters.ts";
import { requireClusterName } from "../cluster/recorded-cluster.ts";
import { withProgress } from "../terminal/progress.ts";
import { wantedTags } from "./cluster-choice.ts";
import { type FoundClusters, listClusters } from "./cluster-list.ts";
import type { SetupIdentity } from "./identity.ts";
import { eksOf } from "./setup-identity.ts";

export interface ClusterWish {
  readonly cluster: string | undefined;
  readonly all: boolean;
  readonly match: string | undefined;
  readonly regions: readonly string[];
  readonly tag: readonly string[];
  readonly prune: boolean;
}

/** Describes one cluster, or lists and describes all of the account in each region. Throws if no token can be signed there. */
export async function findClusters(
  app: App,
  identity: SetupIdentity,
  wish: ClusterWish,
): Promise<FoundClusters> {
  const wanted = wantedTags(wish.tag);
  const regions = regionsOf(identity, wish);
  for (const region of regions) {
    signedStsHost(region, app.env);
    if (identity.source.role !== undefined) requireSamePartition(parseRoleArn(identity.source.role), region);
  }
  const [region = ""] = regions;
  if (!wish.all) {
    const name = wish.cluster ?? "";
    requireClusterName(name);
    const facts = await withProgress(app, `Describing cluster ${name} in ${region}…`, async () => {
      const eks = await eksOf(app, identity, region);
      return clusterFacts(name, await eks.describeCluster(name));
    });
    return { clusters: [facts], skipped: [], live: { arns: new Set([facts.arn]), scopes: [] } };
  }
  const { source } = identity;
  const profile = source.kind === "aws" ? source.profile : undefined;
  const withProfile = profile === undefined ? "" : ` with AWS profile ${profile}`;
  return withProgress(app, `Listing clusters in ${regions.join(", ")}${withProfile}…`, async (say) =>
    listClusters({
      regions,
      account: await identity.account(region),
      match: wish.match,
      wanted,
      prune: wish.prune,
      withProfile,
      eksOf: (each) => eksOf(app, identity, each),
      say,
    }),
  );
}

function regionsOf({ region }: SetupIdentity, { regions, cluster }: ClusterWish): readonly string[] {
  if (regions.length > 0) return [...new Set(regions)];
  if (region !== undefined) return [region];
  throw new VouchError(
    "region-missing",
    `The region of ${cluster === undefined ? "the clusters" : `cluster ${cluster}`} is unknown.`,
  );
}
