import pMap from "p-map";
import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import { shellGlobCovers } from "../../token/text/glob.ts";
import { shortList } from "../../token/text/short-list.ts";
import { type ClusterFacts, clusterFacts, type EksApi } from "../cluster/eks-clusters.ts";
import type { AwsAccount } from "./setup-identity.ts";

/** How many regions are searched at once, and how many clusters of a region are described at once. */
const PARALLEL_REGIONS = 20;
const PARALLEL_CLUSTERS = 8;

/** Where to look for clusters, and which to take. */
export interface ListWish {
  readonly regions: readonly string[];
  /** Whether the user did not specify these regions: one that cannot be searched is then passed over. */
  readonly isEvery: boolean;
  /** Whether clusters are only to be listed: they are described for their tags alone, and a region that fails stops no other. */
  readonly isListing: boolean;
  /** Regions that are known not to be searched. */
  readonly notSearched: FoundClusters["notSearched"];
  /** The account that is searched; it is looked up at the same time. */
  readonly account: Promise<AwsAccount>;
  readonly match: string | undefined;
  readonly wanted: readonly WantedTag[];
  /** Contexts of deleted clusters will be removed, so it is no error if no cluster is left. */
  readonly prune: boolean;
  /** Clusters that stand in for the list of a region if AWS does not allow it to be listed. */
  readonly known: readonly { readonly name: string; readonly region: string }[];
  readonly eksOf: (region: string) => Promise<EksApi>;
  /** ` with AWS profile dev` for the progress line; empty without a profile. */
  readonly withProfile: string;
  readonly say: (text: string) => void;
}

/** A cluster as EKS lists it. */
export interface ListedCluster {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly arn: string;
}

/** The clusters to set up, those that cannot be, and what was searched. */
export interface FoundClusters {
  readonly clusters: readonly ClusterFacts[];
  /** Those that `--match` and `--tag` select, whether or not they were described. */
  readonly listed: readonly ListedCluster[];
  readonly skipped: readonly { readonly name: string; readonly region: string; readonly reason: string }[];
  /** The reason completes a sentence that begins with the region. */
  readonly notSearched: readonly { readonly region: string; readonly reason: string }[];
  /** Regions that were specified but could not be searched; only if clusters are just listed. */
  readonly failures: readonly { readonly region: string; readonly error: VouchError }[];
  readonly live: {
    readonly arns: ReadonlySet<string>;
    readonly scopes: readonly { readonly accountId: string; readonly region: string }[];
  };
}

/** What DescribeCluster returned for a cluster, or why it cannot be set up. */
interface Described {
  readonly name: string;
  readonly region: string;
  /** Undefined where it could not be described. */
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly outcome: { readonly facts: ClusterFacts } | { readonly reason: string };
}

interface RegionList {
  readonly region: string;
  readonly names: readonly string[];
  /** Those that `--match` selects. */
  readonly matching: readonly string[];
  readonly described: readonly Described[];
}

/**
 * Lists and describes the clusters of the account, region by region. Throws `cluster-not-found` if `--match` or `--tag`
 * selected none, unless with `--prune`.
 */
export async function listClusters(wish: ListWish): Promise<FoundClusters> {
  const searching = pMap(wish.regions, (region) => listOrRefusal(region, wish), {
    concurrency: PARALLEL_REGIONS,
  });
  // Should both fail, it is the account that tells why.
  searching.catch(() => undefined);
  const account = await wish.account;
  const searched = await searching;
  const lists = searched.filter((list) => "names" in list);
  const refused = searched.filter((list) => "error" in list);
  const [first] = refused;
  if (lists.length === 0 && first !== undefined) throw first.error;
  const { accountId } = account;
  if (!wish.prune) requireChosen(searchOf(wish, accountId, lists));

  const described = lists.flatMap((list) => list.described);
  const chosen = described.filter(({ tags }) => tags === undefined || hasTags(tags, wish.wanted));
  return {
    clusters: chosen.flatMap(({ outcome }) => ("facts" in outcome ? [outcome.facts] : [])),
    listed: lists.flatMap((list) => selected(list, wish.wanted).map((name) => listed(name, list, account))),
    skipped: chosen.flatMap(({ name, region, tags, outcome }) =>
      "reason" in outcome && (!wish.isListing || tags === undefined)
        ? [{ name, region, reason: outcome.reason }]
        : [],
    ),
    notSearched: [
      ...wish.notSearched,
      ...(wish.isEvery ? refused : []).map(({ region, error }) => ({ region, reason: error.message })),
    ],
    failures: wish.isEvery ? [] : refused,
    live: {
      arns: new Set(lists.flatMap((list) => list.names.map((name) => listed(name, list, account).arn))),
      scopes: lists.map(({ region }) => ({ accountId, region })),
    },
  };
}

function listed(
  name: string,
  { region }: Pick<RegionList, "region">,
  { accountId, partition }: AwsAccount,
): ListedCluster {
  return { name, region, accountId, arn: `arn:${partition}:eks:${region}:${accountId}:cluster/${name}` };
}

/** The clusters of a region that `--match` and `--tag` select; without `--tag` none need be described. */
function selected({ matching, described }: RegionList, wanted: ListWish["wanted"]): readonly string[] {
  if (wanted.length === 0) return matching;
  return described.flatMap(({ name, tags }) => (hasTags(tags, wanted) ? [name] : []));
}

function searchOf(
  { regions, match, wanted }: ListWish,
  accountId: string,
  lists: readonly RegionList[],
): ClusterSearch {
  const described = lists.flatMap((list) => list.described);
  return {
    regions,
    accountId,
    match,
    wanted,
    names: lists.flatMap(({ names }) => names),
    matching: lists.flatMap(({ matching }) => matching).length,
    tags: described.flatMap(({ tags }) => (tags === undefined ? [] : [tags])),
    unknown: described.flatMap(({ tags, outcome }) =>
      tags === undefined && "reason" in outcome ? [outcome] : [],
    ),
  };
}

/** A region that is not enabled for an account refuses its credentials; one that a firewall blocks does not answer. */
async function listOrRefusal(
  region: string,
  wish: ListWish,
): Promise<RegionList | { readonly region: string; readonly error: VouchError }> {
  try {
    return await listRegion(region, wish);
  } catch (error) {
    if (!(wish.isEvery || wish.isListing) || !(error instanceof VouchError) || error.code === "interrupted")
      throw error;
    return { region, error };
  }
}

async function listRegion(
  region: string,
  { match, wanted, isListing, known, eksOf, withProfile, say }: ListWish,
): Promise<RegionList> {
  say(`Listing clusters in ${region}${withProfile}…`);
  const eks = await eksOf(region);
  const instead = [...new Set(known.flatMap((one) => (one.region === region ? [one.name] : [])))];
  const names = await eks.listClusters().catch((error: unknown) => {
    if (instead.length > 0 && error instanceof VouchError && error.code === "aws-denied") return instead;
    throw error;
  });
  const matching = names.filter((name) => match === undefined || shellGlobCovers(match, name));
  let done = 0;
  const described = await pMap(
    isListing && wanted.length === 0 ? [] : matching,
    async (name) => {
      const answer = await describe(eks, name, region);
      done += 1;
      say(`Described ${done} of ${matching.length} clusters in ${region}${withProfile}…`);
      return answer;
    },
    { concurrency: PARALLEL_CLUSTERS },
  );
  return { region, names, matching, described };
}

/** One cluster that cannot be described does not hold up the others. */
async function describe(eks: EksApi, name: string, region: string): Promise<Described> {
  let tags: Described["tags"];
  try {
    const cluster = await eks.describeCluster(name);
    tags = cluster.tags ?? {};
    return { name, region, tags, outcome: { facts: clusterFacts(name, cluster) } };
  } catch (error) {
    if (error instanceof VouchError) return { name, region, tags, outcome: { reason: reasonOf(error) } };
    throw error;
  }
}

/** A tag that a cluster must have; any value will do if none is given. */
interface WantedTag {
  readonly key: string;
  readonly value: string | undefined;
}

/** What `--all` found in the regions that were asked, before and after `--match` and `--tag`. */
interface ClusterSearch {
  readonly regions: readonly string[];
  /** The account that was searched. */
  readonly accountId: string;
  /** Of all clusters. */
  readonly names: readonly string[];
  readonly match: string | undefined;
  /** How many of them `--match` selected. */
  readonly matching: number;
  readonly wanted: readonly WantedTag[];
  /** Of the clusters that `--match` chose, as far as they could be described. */
  readonly tags: readonly Readonly<Record<string, string>>[];
  /** Clusters whose tags are not known, and why. */
  readonly unknown: readonly { readonly reason: string }[];
}

/** `KEY=VALUE`, or `KEY` for any value; a value may hold further equals signs. Throws `usage` for one without a key. */
export function wantedTags(words: readonly string[]): WantedTag[] {
  return words.map((word) => {
    const equals = word.indexOf("=");
    const key = equals < 0 ? word : word.slice(0, equals);
    if (key === "")
      throw new VouchError("usage", `--tag ${word} does not contain a key.`, {
        hint: "Write it as --tag KEY=VALUE, or as --tag KEY for any value.",
      });
    return { key, value: equals < 0 ? undefined : word.slice(equals + 1) };
  });
}

/** Whether a cluster has all of the tags. */
function hasTags(tags: Readonly<Record<string, string>> | undefined, wanted: readonly WantedTag[]): boolean {
  return wanted.every(
    ({ key, value }) =>
      tags !== undefined && Object.hasOwn(tags, key) && (value === undefined || tags[key] === value),
  );
}

/** Throws `cluster-not-found` if `--match` or `--tag` selected no cluster, with what there is to choose from. */
function requireChosen(search: ClusterSearch): void {
  const { names, match, matching, wanted, tags, regions, accountId } = search;
  if (match === undefined && wanted.length === 0) return;
  const place = regions.join(", ");
  if (names.length === 0) {
    throw new VouchError("cluster-not-found", `No clusters found in ${place} (account ${accountId}).`, {
      hint: "Look in other regions: --regions REGION",
    });
  }
  if (match !== undefined && matching === 0) {
    const [first = ""] = names;
    throw new VouchError(
      "cluster-not-found",
      `No cluster in ${place} matches ${match}. Clusters there: ${shortList(names)}.`,
      {
        hint: `Try a different pattern, quoted so that your shell does not expand it: --match '${first.slice(0, 2)}*'`,
      },
    );
  }
  if (wanted.length === 0 || tags.some((each) => hasTags(each, wanted))) return;
  throw tagMissing(search, match === undefined ? place : `${place} that matches ${match}`);
}

function tagMissing({ wanted, tags, unknown }: ClusterSearch, place: string): VouchError {
  const words = wanted.map(({ key, value }) => (value === undefined ? key : `${key}=${value}`));
  const [reason] = unknown.map((each) => each.reason);
  const untold =
    reason === undefined
      ? ""
      : ` Cannot read the tags of ${unknown.length} ${unknown.length === 1 ? "cluster" : "clusters"}: ${reason}`;
  return new VouchError(
    "cluster-not-found",
    `No cluster in ${place} has the ${words.length === 1 ? "tag" : "tags"} ${words.join(", ")}. ${tagsThere(wanted, tags)}${untold}`,
    { hint: "Tags are case-sensitive; write them as in AWS: --tag KEY=VALUE, or --tag KEY." },
  );
}

/** What there is instead of the first tag that no cluster has. */
function tagsThere(wanted: readonly WantedTag[], tags: ClusterSearch["tags"]): string {
  const missing = wanted.find((tag) => !tags.some((each) => hasTags(each, [tag])));
  if (missing === undefined) return "Each tag exists, but on different clusters.";
  const { key } = missing;
  const values = tags.flatMap((each) => (Object.hasOwn(each, key) ? [each[key] ?? ""] : []));
  if (values.length > 0) return `Values of ${key} there: ${shortList(values)}.`;
  const keys = tags.flatMap(Object.keys);
  return keys.length === 0 ? "The clusters there do not have tags." : `Tags there: ${shortList(keys)}.`;
}
