import { type AwsMachine, readAwsFiles } from "../../token/aws/sources/read-plan.ts";
import { type ErrorCode, VouchError } from "../../token/errors/errors.ts";
import { shellGlobCovers } from "../../token/text/glob.ts";
import type { ChosenIdentity } from "../aws/choose-identity.ts";
import { ANY_REGION, contextPlan } from "../aws/context-plan.ts";
import { shortList } from "../terminal/output.ts";
import type { Desk } from "../workplace/workplace.ts";

/** How profiles are set up. */
interface ProfileWork<T> {
  /** The choice that a command line with this profile makes. */
  readonly choose: (profile: string) => ChosenIdentity;
  /** Which profiles are to be set up, by their names: `prod-*`. */
  readonly pattern: string;
  /** Whether the same regions are given for all profiles. */
  readonly areRegionsGiven: boolean;
  readonly setUp: (choice: ChosenIdentity, profile: string) => Promise<T>;
}

/** What became of the profiles of the AWS files. */
export interface ProfileRound<T> {
  readonly done: readonly T[];
  /** Those that could not be set up; the others were. */
  readonly failures: readonly ProfileFailure[];
  readonly passedOver: readonly PassedProfile[];
}

export interface ProfileFailure {
  readonly profile: string;
  readonly error: VouchError;
}

/** A profile with nothing to set up. The reason completes a sentence that begins with the profile. */
interface PassedProfile {
  readonly profile: string;
  readonly reason: string;
}

/**
 * Sets up each profile that gives credentials, one after the other; one that fails does not stop the rest. Of profiles with the
 * same identity and region, only the first is set up. Throws `cluster-not-found` if no profile has any cluster asked for.
 */
export async function forEachProfile<T>(desk: Desk, work: ProfileWork<T>): Promise<ProfileRound<T>> {
  const { wanted, failures: broken, passedOver: empty } = profilesToSetUp(desk.aws, work);
  const { io } = desk.app;
  const done: T[] = [];
  const failures = [...broken];
  const passedOver = [...empty];
  let nothing: VouchError | undefined;
  for (const [index, { profile, choice }] of wanted.entries()) {
    if (io.stderrIsTerminal) io.err(`AWS profile ${profile} (${index + 1} of ${wanted.length})\n`);
    try {
      done.push(await work.setUp(choice, profile));
    } catch (error) {
      if (!(error instanceof VouchError) || error.code === "interrupted" || error.code === "usage")
        throw error;
      const isElsewhere = work.areRegionsGiven && error.code === "partition-mismatch";
      if (error.code === "cluster-not-found") nothing ??= error;
      if (error.code === "cluster-not-found" || isElsewhere)
        passedOver.push({ profile, reason: error.message });
      else if (isHop(profile, desk.aws) && HOP_ERRORS.includes(error.code))
        passedOver.push({ profile, reason: `other profiles build on it (${error.message})` });
      else failures.push({ profile, error });
    }
  }
  if (done.length === 0 && failures.length === 0 && nothing !== undefined) throw nothing;
  return { done, failures, passedOver };
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

/** Which profiles there are to set up. Throws `aws-not-configured` where the files have none. */
function profilesToSetUp(
  machine: AwsMachine,
  work: Pick<ProfileWork<unknown>, "pattern" | "choose" | "areRegionsGiven">,
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
    else passedOver.push({ profile, reason: `it has the same identity as ${first.profile}` });
  }
  if (chosen.length > 0) return { wanted, failures, passedOver };
  if (files.profiles.size > 0)
    throw new VouchError("profile-missing", `No AWS profile matches ${work.pattern}.`, {
      hint: `Available profiles: ${shortList([...files.profiles.keys()])}.`,
    });
  throw new VouchError(
    "aws-not-configured",
    `No AWS profiles found in ${files.configPath} or ${files.credentialsPath}.`,
  );
}

function addsNothing({ identity, region }: WantedProfile, other: WantedProfile): boolean {
  return identity === other.identity && (region === undefined || region === other.region);
}

function wantedOrError(
  profile: string,
  machine: AwsMachine,
  { choose, areRegionsGiven }: Pick<ProfileWork<unknown>, "choose" | "areRegionsGiven">,
): WantedProfile | VouchError {
  try {
    const identity = identityOf(profile, machine);
    const choice = choose(profile);
    const { region } = choice.kind === "vouch" ? choice.choice : choice;
    return { profile, choice, identity, region: areRegionsGiven ? undefined : region?.value };
  } catch (error) {
    if (error instanceof VouchError) return error;
    throw error;
  }
}

/** A profile's plan for a fixed region, without where its parts were read. Secret. */
function identityOf(profile: string, machine: AwsMachine): string {
  const source = { kind: "aws", profile, role: undefined, via: [], env: {} } as const;
  const plan = contextPlan(source, ANY_REGION, machine);
  return JSON.stringify(plan, (key, value) => (key === "origin" ? undefined : value));
}
