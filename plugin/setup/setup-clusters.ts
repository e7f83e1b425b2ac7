import { parseRoleArn, requireSamePartition } from "../../token/aws/arn.ts";
import type { TemporaryCredentials } from "../../token/aws/aws-credentials.ts";
import { signedStsHost } from "../../token/aws/signed-sts-host.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { RoleRequest } from "../../token/hot/question.ts";
import type { App } from "../app.ts";
import { clusterFacts } from "../cluster/cluster-facts.ts";
import { requireClusterName } from "../cluster/cluster-name.ts";
import { type EksApi, eksApi } from "../cluster/eks-api.ts";
import { withProgress } from "../terminal/progress.ts";
import { askCredentials } from "../vouch/ask-aws.ts";
import type { RoleChoice } from "../vouch/role-choice.ts";
import { openSessionForSetup, requireSession, type VouchAccess } from "../vouch/vouch-access.ts";
import { chosenServer, readWorkplace } from "../vouch/workplace.ts";
import { wantedTags } from "./cluster-choice.ts";
import { type FoundClusters, listClusters } from "./cluster-list.ts";

/** Credentials are used for a list of clusters as long as they live this long, in milliseconds. */
const MIN_REMAINING_MS = 2 * 60 * 1000;

/** Who sets up, and with which role: the very identity that the contexts will use. */
export interface SetupIdentity extends Omit<RoleRequest, "region"> {
  readonly access: VouchAccess;
  /** Region of the flags, the environment or the profile; undefined when `--regions` says it all. */
  readonly region: string | undefined;
  credentials(region: string): Promise<TemporaryCredentials>;
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
  readonly tag: readonly string[];
  readonly prune: boolean;
}

/** For regions in which a token can be signed: describes one cluster, or lists and describes all of the account in each region. */
export async function findClusters(
  app: App,
  identity: SetupIdentity,
  wish: ClusterWish,
): Promise<FoundClusters> {
  const wanted = wantedTags(wish.tag);
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
  return withProgress(app, `Listing and describing the clusters in ${regions.join(", ")}…`, (say) =>
    listClusters({
      regions,
      role: identity.role,
      match: wish.match,
      wanted,
      prune: wish.prune,
      eksOf: (each) => eksOf(app, identity, each),
      say,
    }),
  );
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
