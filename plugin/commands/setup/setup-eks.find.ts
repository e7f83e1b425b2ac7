import { ours, type Run } from "../../../token/command/command.ts";
import { VouchError, withHints } from "../../../token/errors/errors.ts";
import { namedKubeconfig } from "../../../token/kubeconfig/kubeconfig-files.ts";
import { type ChosenIdentity, chooseIdentity } from "../../aws/choose-identity.ts";
import { forEachProfile, type ProfileRound } from "../../setup/all-profiles.ts";
import type { FoundSetup } from "../../setup/eks-entries.ts";
import { EVERY_REGION, findClusters } from "../../setup/setup-clusters.ts";
import { givenOptions } from "../../setup/setup-flags.ts";
import { setupHints } from "../../setup/setup-hints.ts";
import { type SetupIdentity, setupIdentity } from "../../setup/setup-identity.ts";
import type { Desk } from "../../workplace/workplace.ts";
import { isForProfiles, OPTIONS, type SetupEksOptions } from "./setup-eks.options.ts";

interface Search {
  /** Whether the clusters are only to be listed, whatever the options choose. */
  readonly isListing: boolean;
  /** The identity, if it is already open. */
  readonly opened?: SetupIdentity | undefined;
}

/** One identity and its clusters, or those of every profile. Without any region, every region is listed. */
export async function findSetups(
  desk: Desk,
  options: SetupEksOptions,
  search: Search,
): Promise<ProfileRound<FoundSetup>> {
  const find = (choice: ChosenIdentity, each: SetupEksOptions) => findSetup(desk, choice, each, search);
  const findAnywhere = (choice: ChosenIdentity, each: SetupEksOptions) =>
    find(choice, { ...each, regions: [EVERY_REGION] });
  if (isForProfiles(options)) {
    const ofOne = (profile: string) => ({ ...options, profile, allProfiles: false });
    return forEachProfile(desk, {
      pattern: options.profile ?? "*",
      choose: (profile) => chooseIdentity({ ...options, profile }, desk),
      regions: regionsMeant(options, search),
      setUp: (choice, profile) => find(choice, ofOne(profile)),
      setUpAnywhere: search.isListing ? (choice, profile) => findAnywhere(choice, ofOne(profile)) : undefined,
    });
  }
  const again = (profile: string) => againWith({ ...options, profile });
  const choice = chooseIdentity({ ...options, again }, desk);
  const found = await find(choice, options).catch((error: unknown) => {
    const isUnplaced = error instanceof VouchError && error.code === "region-missing";
    if (search.isListing && isUnplaced) return findAnywhere(choice, options);
    throw error;
  });
  return { done: [found], failures: [], passedOver: [] };
}

async function findSetup(
  desk: Desk,
  choice: ChosenIdentity,
  options: SetupEksOptions,
  { isListing, opened }: Search,
): Promise<FoundSetup> {
  const { app } = desk;
  const wish = { ...options, all: options.all || isListing, isListing };
  const found = async () => {
    const again = againWith({ ...options, approveProcess: true });
    const identity = opened ?? (await setupIdentity(desk, choice, { options, again }));
    return { identity, found: await findClusters(app, identity, wish) };
  };
  return withHints(
    (error) =>
      setupHints(app, error, {
        choice,
        options: { ...wish, isListed: opened !== undefined },
        again: againWith(options),
      }),
    found(),
  );
}

function regionsMeant({ regions }: SetupEksOptions, { isListing }: Search): "own" | "given" | "both" {
  if (regions.length === 0) return "own";
  return isListing && !regions.includes(EVERY_REGION) ? "both" : "given";
}

/** This command, as it was given. */
export function againWith({ kubeconfig, output, ...options }: SetupEksOptions): Run {
  const given = givenOptions({
    ...options,
    kubeconfig: namedKubeconfig(kubeconfig),
    output: output === OPTIONS.output.default ? undefined : output,
  });
  return ours("setup eks", Object.fromEntries(FLAGS.map((flag) => [flag, given[flag]])));
}

/** The flags, by the names that help shows. */
const FLAGS = Object.entries(OPTIONS).flatMap(([flag, option]) => ("hidden" in option ? [] : [flag]));
