import pMap from "p-map";
import { parseRoleArn, requireSamePartition } from "../../token/aws/arn.ts";
import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import { signedStsHost } from "../../token/aws/signed-sts-host.ts";
import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import type { RoleRequest } from "../../token/hot/question.ts";
import { globCovers } from "../../token/text/glob.ts";
import type { App } from "../app.ts";
import { type ClusterFacts, clusterFacts } from "../cluster/cluster-facts.ts";
import { requireClusterName } from "../cluster/cluster-name.ts";
import { type EksApi, eksApi } from "../cluster/eks-api.ts";
import { withProgress } from "../terminal/progress.ts";
import { askCredentials } from "../vouch/ask-aws.ts";
import type { RoleChoice } from "../vouch/role-choice.ts";
import { openSessionForSetup, requireSession, type VouchAccess } from "../vouch/vouch-access.ts";
import { chosenServer, readWorkplace } from "../vouch/workplace.ts";

/** How many clusters are described at once. */
const PARALLEL = 8;

/** Credentials are used for a list of clusters as long as they live this long, in milliseconds. */
const MIN_REMAINING_MS = 2 * 60 * 1000;

/** Who sets up, and with which role: the very identity that the contexts will use. */
export interface SetupIdentity extends Omit<RoleRequest, "region"> {
  readonly access: VouchAccess;
  /** Region of the flags, the environment or the profile; undefined when `--regions` says it all. */
  readonly region: string | undefined;
  credentials(region: string): Promise<AwsCredentials>;
}

export async function setupIdentity(
  app: App,
  { role, via, account, ...choice }: RoleChoice,
  /** Nothing is written, no cache either. */
  { dryRun }: { readonly dryRun: boolean },
): Promise<SetupIdentity> {
  for (const arn of [...via, role]) parseRoleArn(arn);
  const workplace = readWorkplace(app);
  const url = chosenServer(app, workplace, choice.server);
  const asked = { role, via, server: url.base, account };
  const entry = requireSession(app, workplace, asked);
  const access = await openSessionForSetup(app, workplace, { server: url, entry, dryRun });
  const options = { fresh: false, keep: !dryRun, minRemainingMs: MIN_REMAINING_MS };
  return {
    ...asked,
    access,
    region: choice.region?.value,
    credentials: (region) => askCredentials(app, access, { ...asked, region }, options),
  };
}

export interface ClusterWish {
  readonly cluster: string | undefined;
  readonly all: boolean;
  readonly match: string | undefined;
  readonly regions: readonly string[];
}

/** The clusters to set up, those that cannot be, and where was looked. */
export interface FoundClusters {
  readonly clusters: readonly ClusterFacts[];
  readonly skipped: readonly { readonly name: string; readonly region: string; readonly reason: string }[];
  readonly live: {
    readonly arns: ReadonlySet<string>;
    readonly scopes: readonly { readonly accountId: string; readonly region: string }[];
  };
}

/** For regions in which a token can be signed: describes one cluster, or lists and describes all of the account in each region. */
export async function findClusters(
  app: App,
  identity: SetupIdentity,
  wish: ClusterWish,
): Promise<FoundClusters> {
  const regions = regionsOf(identity, wish);
  for (const region of regions) {
    signedStsHost(region, app.env);
    requireSamePartition(parseRoleArn(identity.role), region);
  }
  const [region = ""] = regions;
  if (!wish.all) {
    const name = wish.cluster ?? "";
    requireClusterName(name);
    const facts = await withProgress(app, `Asking EKS for cluster ${name} in ${region}…`, async () => {
      const eks = await eksOf(app, identity, region);
      return clusterFacts(name, await eks.describeCluster(name));
    });
    return { clusters: [facts], skipped: [], live: { arns: new Set([facts.arn]), scopes: [] } };
  }
  return withProgress(app, "Listing clusters…", async (say) => {
    const perRegion: FoundClusters[] = [];
    for (const each of regions)
      perRegion.push(await clustersOfRegion({ app, identity, region: each, match: wish.match, say }));
    return {
      clusters: perRegion.flatMap(({ clusters }) => clusters),
      skipped: perRegion.flatMap(({ skipped }) => skipped),
      live: {
        arns: new Set(perRegion.flatMap(({ live }) => [...live.arns])),
        scopes: perRegion.flatMap(({ live }) => live.scopes),
      },
    };
  });
}

/** EKS, asked with the role's credentials. */
async function eksOf({ env }: App, { access, credentials }: SetupIdentity, region: string): Promise<EksApi> {
  return eksApi({ region, env, endpoints: access.endpoints, credentials: await credentials(region) });
}

function regionsOf({ region }: SetupIdentity, { regions, cluster }: ClusterWish): readonly string[] {
  if (regions.length > 0) return [...new Set(regions)];
  if (region !== undefined) return [region];
  throw new VouchError(
    "region-missing",
    `The region of ${cluster === undefined ? "the clusters" : `cluster ${cluster}`} is not known.`,
  );
}

interface RegionSearch {
  readonly app: App;
  readonly identity: SetupIdentity;
  readonly region: string;
  readonly match: string | undefined;
  readonly say: (text: string) => void;
}

async function clustersOfRegion({ app, identity, region, match, say }: RegionSearch): Promise<FoundClusters> {
  say(`Listing the clusters in ${region}…`);
  const eks = await eksOf(app, identity, region);
  const names = await eks.listClusters();
  const { account: accountId, partition } = parseRoleArn(identity.role);
  const wanted = names.filter((name) => match === undefined || globCovers(match, name));

  let done = 0;
  const described = await pMap(
    wanted,
    async (name) => {
      const outcome = await describe(eks, name);
      done += 1;
      say(`Described ${done} of ${wanted.length} clusters in ${region}…`);
      return outcome;
    },
    { concurrency: PARALLEL },
  );
  return {
    clusters: described.flatMap((outcome) => ("facts" in outcome ? [outcome.facts] : [])),
    skipped: described.flatMap((outcome) => ("reason" in outcome ? [{ ...outcome, region }] : [])),
    live: {
      arns: new Set(names.map((name) => `arn:${partition}:eks:${region}:${accountId}:cluster/${name}`)),
      scopes: [{ accountId, region }],
    },
  };
}

/** One cluster that cannot be described does not hold up the others. */
async function describe(
  eks: EksApi,
  name: string,
): Promise<{ readonly facts: ClusterFacts } | { readonly name: string; readonly reason: string }> {
  try {
    return { facts: clusterFacts(name, await eks.describeCluster(name)) };
  } catch (error) {
    if (error instanceof VouchError) return { name, reason: reasonOf(error) };
    throw error;
  }
}
