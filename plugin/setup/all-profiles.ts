import type { SourcePlan } from "../../token/aws/sources/plan-kinds.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";
import { ANY_REGION, type AwsMachine, contextPlan, sharedFilesOf } from "../aws/source-plan.ts";

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

/** There was nothing to do for it; the reason ends a sentence that begins with the profile. */
interface PassedProfile {
  readonly profile: string;
  readonly reason: string;
}

/**
 * Does the work for each profile that gives credentials, one after the other; one that fails does not stop the rest. Two
 * that are one identity count as one: the first. Where no profile has a cluster of those that were asked for, that is thrown.
 */
export async function forEachProfile<T>(
  app: App,
  work: (profile: string) => Promise<T>,
): Promise<ProfileRound<T>> {
  const { names, failures: broken, passedOver: empty } = profilesToSetUp(app);
  const done: T[] = [];
  const failures = [...broken];
  const passedOver = [...empty];
  let nothing: VouchError | undefined;
  for (const [index, profile] of names.entries()) {
    if (app.io.stderrIsTerminal) app.io.err(`AWS profile ${profile} (${index + 1} of ${names.length})\n`);
    try {
      done.push(await work(profile));
    } catch (error) {
      if (!(error instanceof VouchError) || error.code === "interrupted" || error.code === "usage")
        throw error;
      if (error.code === "cluster-not-found") {
        nothing ??= error;
        passedOver.push({ profile, reason: error.message });
      } else failures.push({ profile, error });
    }
  }
  if (done.length === 0 && failures.length === 0 && nothing !== undefined) throw nothing;
  return { done, failures, passedOver };
}

/** Which profiles there are to set up. Throws `aws-not-configured` where the files have none. */
function profilesToSetUp(machine: AwsMachine): {
  readonly names: readonly string[];
  readonly failures: readonly ProfileFailure[];
  readonly passedOver: readonly PassedProfile[];
} {
  const files = sharedFilesOf(machine);
  const names: string[] = [];
  const failures: ProfileFailure[] = [];
  const passedOver: PassedProfile[] = [];
  const firstOf = new Map<string, string>();
  for (const profile of files.profiles.keys()) {
    const plan = planOrError(profile, machine);
    if (plan instanceof VouchError) {
      if (plan.code === "profile-empty") passedOver.push({ profile, reason: "it gives no credentials" });
      else failures.push({ profile, error: plan });
      continue;
    }
    const first = firstOf.get(identityOf(plan));
    if (first !== undefined) passedOver.push({ profile, reason: `it is the same identity as ${first}` });
    else {
      firstOf.set(identityOf(plan), profile);
      names.push(profile);
    }
  }
  if (files.profiles.size > 0) return { names, failures, passedOver };
  throw new VouchError(
    "aws-not-configured",
    `There is no AWS profile in ${files.configPath} or ${files.credentialsPath}.`,
  );
}

function planOrError(profile: string, machine: AwsMachine): SourcePlan | VouchError {
  try {
    return contextPlan({ kind: "profile", profile, role: undefined, via: [], env: {} }, ANY_REGION, machine);
  } catch (error) {
    if (error instanceof VouchError) return error;
    throw error;
  }
}

/** All of a plan but where it stands. Secret. */
function identityOf(plan: SourcePlan): string {
  return JSON.stringify(plan, (key, value) => (key === "origin" ? undefined : value));
}
