import { withCommands } from "../../../token/command/sentence.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { isSameIdentity } from "../../../token/kubeconfig/identity.ts";
import { kubeconfigPaths, readKubeconfigs } from "../../../token/kubeconfig/kubeconfig-files.ts";
import { shortList } from "../../../token/text/short-list.ts";
import type { ProfileRound } from "../../setup/all-profiles.ts";
import type { FoundSetup } from "../../setup/eks-entries.ts";
import {
  type ClusterContext,
  clusterContexts,
  knownFirst,
  type SeenCluster,
  seenClusters,
} from "../../setup/seen-clusters.ts";
import { EVERY_REGION } from "../../setup/setup-clusters.ts";
import type { SetupIdentity } from "../../setup/setup-identity.ts";
import { failureText, profileLines, type SearchFailure, searchFailures } from "../../setup/setup-report.ts";
import { canPick, pick } from "../../terminal/pick.ts";
import type { ColorChoice } from "../../terminal/style.ts";
import type { Desk } from "../../workplace/workplace.ts";
import { againWith, findSetups } from "./setup-eks.find.ts";
import { isIdentityGiven, type SetupEksOptions } from "./setup-eks.options.ts";

/** The command line that sets up what was picked. */
interface Picked {
  readonly options: SetupEksOptions;
  /** The identity that the cluster was found with, if it is the one to set up. */
  readonly opened: SetupIdentity | undefined;
}

/**
 * Shows the clusters that the profiles see, and reports which one was picked. Throws `usage` where no user can pick, `interrupted`
 * if none was, and `cluster-not-found` if there is none.
 */
export async function pickSetup(desk: Desk, given: SetupEksOptions, color: ColorChoice): Promise<Picked> {
  const { app } = desk;
  if (!canPick(app)) throw noCluster();
  const contexts = clusterContexts(desk, readKubeconfigs(kubeconfigPaths(app, given.kubeconfig)));
  const round = await searched(desk, given);
  const failures = searchFailures(round);
  const clusters = knownFirst(seenClusters(round, contexts));
  const [first, ...more] = failures;
  const isNothing = clusters.length === 0;
  for (const line of profileLines({ failures: isNothing ? more : failures, passedOver: [] }))
    app.io.err(`${line}\n`);
  if (isNothing) throw first === undefined ? nothingFound(round, given) : failureOf(first);

  const ask = async <T>(question: string, choices: readonly { value: T; cells: string[] }[]): Promise<T> => {
    const picked = await pick(app, { question, choices, color });
    if (picked === undefined) throw noCluster();
    return picked;
  };
  const cluster = await ask(
    "Cluster:",
    clusters.map((value) => ({ value, cells: cellsOf(value) })),
  );
  const ways = waysTo(cluster, round);
  const [only, ...others] = ways;
  const way =
    others.length === 0
      ? only
      : await ask(
          `AWS profile for ${cluster.name}:`,
          ways.map((value) => ({ value, cells: [value.profile ?? "", contextCell(value.contexts)] })),
        );
  const options: SetupEksOptions = {
    ...given,
    ...{ cluster: cluster.name, region: cluster.region, profile: way?.profile ?? given.profile },
    ...{ allProfiles: false, regions: [], match: undefined, tag: [] },
    use: given.use || (way?.contexts.length ?? 0) > 0,
  };
  app.io.err(`${withCommands`Without the list: ${againWith(options)}`}\n`);
  return { options, opened: way?.opened && { ...way.opened, region: cluster.region } };
}

/** The identity that a command line chooses, as for one cluster; if it chooses none, every profile. */
async function searched(desk: Desk, options: SetupEksOptions): Promise<ProfileRound<FoundSetup>> {
  const search = { isListing: true };
  try {
    return await findSetups(desk, options, search);
  } catch (error) {
    if (!isUnchosen(error) || isIdentityGiven(options) || options.describeProfile !== undefined) throw error;
    try {
      return await findSetups(desk, { ...options, allProfiles: true }, search);
    } catch (none) {
      throw isUnchosen(none) ? error : none;
    }
  }
}

function isUnchosen(error: unknown): boolean {
  return error instanceof VouchError && ["aws-not-configured", "role-ambiguous"].includes(error.code);
}

/** A profile that sees a cluster, and the contexts that use it there. */
interface Way {
  readonly profile: string | undefined;
  readonly opened: SetupIdentity | undefined;
  readonly contexts: readonly ClusterContext[];
}

/** The ways to a cluster, that of the context used last first. */
function waysTo({ arn, profiles, contexts }: SeenCluster, { done }: ProfileRound<FoundSetup>): Way[] {
  const identities = done
    .filter(({ found }) => found.listed.some((one) => one.arn === arn))
    .map(({ identity }) => identity);
  const names: readonly (string | undefined)[] = profiles.length === 0 ? [undefined] : profiles;
  const ways = names.map((profile) => {
    const opened = identities.find((identity) => identity.profile === profile);
    return {
      ...{ profile, opened },
      contexts: contexts.filter(({ stanza: { source } }) =>
        opened === undefined
          ? source.kind === "aws" && source.profile === profile && source.role === undefined
          : isSameIdentity(source, opened.source),
      ),
    };
  });
  const rank = (way: Way) => way.contexts[0]?.usedAt ?? -1;
  return ways.toSorted((one, other) => rank(other) - rank(one));
}

function cellsOf({ name, region, accountId, profiles, contexts }: SeenCluster): string[] {
  return [name, region, accountId, profiles.join(", "), contextCell(contexts)];
}

function contextCell(contexts: readonly ClusterContext[]): string {
  if (contexts.length === 0) return "";
  return `context${contexts.length > 1 ? "s" : ""} ${contexts.map(({ name }) => name).join(", ")}`;
}

function noCluster(): VouchError {
  return new VouchError("usage", "No cluster specified.", {
    hint: "Use `--cluster NAME` (`--list` shows the clusters), or `--all` for every cluster in the account.",
  });
}

/** What ends the command if nothing was found, since something could not be searched. */
function failureOf(failure: SearchFailure): VouchError {
  const { code, hint } = failure.error;
  return new VouchError(code, failureText(failure), { hint, cause: failure.error });
}

function nothingFound({ done }: ProfileRound<FoundSetup>, given: SetupEksOptions): VouchError {
  const regions = done.flatMap(({ found }) => found.live.scopes.map(({ region }) => region));
  const profiles = done.flatMap(({ identity: { profile } }) => (profile === undefined ? [] : [profile]));
  const isEverywhere =
    given.regions.includes(EVERY_REGION) ||
    (given.regions.length === 0 &&
      done.length > 0 &&
      done.every(({ identity }) => identity.region === undefined));
  const place = isEverywhere ? " in any region" : regions.length === 0 ? "" : ` in ${shortList(regions)}`;
  const by =
    profiles.length === 0 ? "" : ` with AWS profile${profiles.length > 1 ? "s" : ""} ${shortList(profiles)}`;
  const wider = againWith({ ...given, region: undefined, regions: [EVERY_REGION] });
  return new VouchError("cluster-not-found", `No clusters found${place}${by}.`, {
    hint: isEverywhere
      ? withCommands`Try different AWS profiles: ${againWith({ ...given, profile: undefined, allProfiles: true })}`
      : withCommands`Search every region: ${wider}`,
  });
}
