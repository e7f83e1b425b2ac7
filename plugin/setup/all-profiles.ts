import pMap from "p-map";
import { type AwsMachine, readAwsFiles } from "../../token/aws/sources/read-plan.ts";
import { type ErrorCode, VouchError } from "../../token/errors/errors.ts";
import type { Origin } from "../../token/settings/settings.ts";
import { shellGlobCovers } from "../../token/text/glob.ts";
import { shortList } from "../../token/text/short-list.ts";
import { type ChosenIdentity, noProfiles } from "../aws/choose-identity.ts";
import { ANY_REGION, contextPlan } from "../aws/context-plan.ts";
import { withProgress } from "../terminal/progress.ts";
import type { Desk } from "../workplace/workplace.ts";

/** How many profiles are worked on at once. */
const AT_ONCE = 24;

/** How profiles are set up. */
interface ProfileWork<T> {
  /** The choice that a command line with this profile makes. */
  readonly choose: (profile: string) => ChosenIdentity;
  /** Which profiles are to be set up, by their names: `prod-*`. */
  readonly pattern: string;
  /** The regions to search: those of each profile, those of `--regions`, which are the same for all, or both. */
  readonly regions: "own" | "given" | "both";
  readonly setUp: (choice: ChosenIdentity, profile: string) => Promise<T>;
  /** The same in every region, for a profile that has none; undefined where it has to have one. */
  readonly setUpAnywhere: ((choice: ChosenIdentity, profile: string) => Promise<T>) | undefined;
}

/** What became of the profiles of the AWS files. */
export interface ProfileRound<T> {
  readonly done: readonly T[];
  /** Those that could not be set up; the others were. */
  readonly failures: readonly ProfileFailure[];
  readonly passedOver: readonly PassedProfile[];
}

interface ProfileFailure {
  readonly profile: string;
  readonly error: VouchError;
}

/** A profile with nothing to set up. The reason completes a sentence that begins with the profile. */
interface PassedProfile {
  readonly profile: string;
  readonly reason: string;
  /** The profile that is set up in its place, if both have the same identity. */
  readonly sameAs?: string;
}

/**
 * Sets up each profile that provides credentials, several at once; one that fails does not stop the rest. Of profiles with the same
 * identity and region, only the first is set up. Results are in the order of the files. Throws `cluster-not-found` if no profile
 * has any cluster asked for.
 */
export async function forEachProfile<T>(desk: Desk, work: ProfileWork<T>): Promise<ProfileRound<T>> {
  const { wanted, failures, passedOver } = profilesToSetUp(desk.aws, work);
  const total = `${wanted.length} AWS profile${wanted.length === 1 ? "" : "s"}`;
  const outcomes = await withProgress(desk.app, `Listing clusters with ${total}…`, async (say) => {
    let ended = 0;
    return pMap(
      wanted,
      async (one) => {
        const outcome = await outcomeOf(desk.aws, one, work);
        ended += 1;
        say(`Listed the clusters of ${ended} of ${total}…`);
        return outcome;
      },
      { concurrency: AT_ONCE },
    );
  });
  const round = {
    done: outcomes.flatMap((outcome) => ("done" in outcome ? [outcome.done] : [])),
    failures: [
      ...failures,
      ...outcomes.flatMap((outcome) => ("failure" in outcome ? [outcome.failure] : [])),
    ],
    passedOver: [
      ...passedOver,
      ...outcomes.flatMap((outcome) => ("passed" in outcome ? [outcome.passed] : [])),
    ],
  };
  const nothing = outcomes
    .map((outcome) => ("passed" in outcome ? outcome.nothing : undefined))
    .find(Boolean);
  if (round.done.length === 0 && round.failures.length === 0 && nothing !== undefined) throw nothing;
  return round;
}

type Outcome<T> =
  | { readonly done: T }
  | { readonly failure: ProfileFailure }
  | {
      readonly passed: PassedProfile;
      /** Why none of its clusters was selected. */
      readonly nothing?: VouchError;
    };

async function outcomeOf<T>(
  machine: AwsMachine,
  wanted: WantedProfile,
  work: ProfileWork<T>,
): Promise<Outcome<T>> {
  const { profile, choice } = wanted;
  const { setUp, setUpAnywhere, regions } = work;
  try {
    return { done: await setUp(choice, profile) };
  } catch (error) {
    if (!(error instanceof VouchError) || error.code === "interrupted" || error.code === "usage") throw error;
    const { code, message } = error;
    if (code === "cluster-not-found") return { passed: { profile, reason: message }, nothing: error };
    if (code === "partition-mismatch") {
      const region = regionOf(choice);
      if (regions !== "own") return { passed: { profile, reason: message } };
      if (region !== undefined && !region.origin.startsWith("profile "))
        return {
          passed: { profile, reason: `${region.value} (${region.origin}) is in a different partition` },
        };
    }
    if (isHop(profile, machine) && HOP_ERRORS.includes(code))
      return { passed: { profile, reason: `other profiles build on it (${message})` } };
    if (code === "region-missing" && setUpAnywhere !== undefined)
      return outcomeOf(machine, wanted, { ...work, setUp: setUpAnywhere, setUpAnywhere: undefined });
    return { failure: { profile, error } };
  }
}

/** Why a profile on which others build need not be set up: it lacks what only they need. */
const HOP_ERRORS: readonly ErrorCode[] = ["aws-denied", "region-missing"];

function isHop(name: string, machine: AwsMachine): boolean {
  const { files } = readAwsFiles(machine);
  return [...files.profiles.values()].some(
    ({ name: own, settings }) => own !== name && settings.get("source_profile")?.value === name,
  );
}

interface WantedProfile {
  readonly profile: string;
  readonly choice: ChosenIdentity;
  /** Secret. */
  readonly identity: string;
  /** Where its clusters are looked for; undefined if that is the same for all profiles. */
  readonly region: string | undefined;
}

/** The profiles to set up. Throws `aws-not-configured` where the files have none. */
function profilesToSetUp(
  machine: AwsMachine,
  work: Pick<ProfileWork<unknown>, "pattern" | "choose" | "regions">,
): {
  readonly wanted: readonly WantedProfile[];
  readonly failures: readonly ProfileFailure[];
  readonly passedOver: readonly PassedProfile[];
} {
  const { files } = readAwsFiles(machine);
  const wanted: WantedProfile[] = [];
  const failures: ProfileFailure[] = [];
  const passedOver: PassedProfile[] = [];
  const chosen = [...files.profiles.keys()].filter((profile) => shellGlobCovers(work.pattern, profile));
  for (const profile of chosen) {
    const found = wantedOrError(profile, machine, work);
    if (found instanceof VouchError) {
      if (found.code === "profile-empty")
        passedOver.push({ profile, reason: "it does not provide credentials" });
      else failures.push({ profile, error: found });
      continue;
    }
    const first = wanted.find((other) => addsNothing(found, other));
    if (first === undefined) wanted.push(found);
    else
      passedOver.push({
        profile,
        reason: `it has the same identity as ${first.profile}`,
        sameAs: first.profile,
      });
  }
  if (chosen.length > 0) return { wanted, failures, passedOver };
  if (files.profiles.size > 0)
    throw new VouchError("profile-missing", `No AWS profile matches ${work.pattern}.`, {
      hint: `Available profiles: ${shortList([...files.profiles.keys()])}.`,
    });
  throw noProfiles(files);
}

function addsNothing({ identity, region }: WantedProfile, other: WantedProfile): boolean {
  return identity === other.identity && (region === undefined || region === other.region);
}

function wantedOrError(
  profile: string,
  machine: AwsMachine,
  { choose, regions }: Pick<ProfileWork<unknown>, "choose" | "regions">,
): WantedProfile | VouchError {
  try {
    const identity = identityOf(profile, machine);
    const choice = choose(profile);
    return { profile, choice, identity, region: regions === "given" ? undefined : regionOf(choice)?.value };
  } catch (error) {
    if (error instanceof VouchError) return error;
    throw error;
  }
}

function regionOf(choice: ChosenIdentity): Origin<string> | undefined {
  return choice.kind === "vouch" ? choice.choice.region : choice.region;
}

/** A profile's plan for a fixed region, without where its parts were read. Secret. */
function identityOf(profile: string, machine: AwsMachine): string {
  const source = { kind: "aws", profile, role: undefined, via: [], env: {} } as const;
  const plan = contextPlan(source, ANY_REGION, machine);
  return JSON.stringify(plan, (key, value) => (key === "origin" ? undefined : value));
}
