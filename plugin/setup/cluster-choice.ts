import { VouchError } from "../../token/errors/errors.ts";
import { shortList } from "../../token/text/short-list.ts";

/** A tag that a cluster must have; any value will do if none is given. */
export interface WantedTag {
  readonly key: string;
  readonly value: string | undefined;
}

/** What `--all` found in the regions that were asked, before and after `--match` and `--tag`. */
export interface ClusterSearch {
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
export function hasTags(
  tags: Readonly<Record<string, string>> | undefined,
  wanted: readonly WantedTag[],
): boolean {
  return wanted.every(
    ({ key, value }) =>
      tags !== undefined && Object.hasOwn(tags, key) && (value === undefined || tags[key] === value),
  );
}

/** Throws `cluster-not-found` if `--match` or `--tag` selected no cluster, with what there is to choose from. */
export function requireChosen(search: ClusterSearch): void {
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
