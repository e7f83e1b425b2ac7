import { type Env, envValue } from "../../env.ts";
import type { AwsQuestion } from "../../hot/question.ts";
import { emptyProfile, missingProfile, notConfigured } from "./plan-errors.ts";
import type { CredentialsPlan } from "./plan-kinds.ts";
import { profilePlan } from "./profile-plan.ts";
import { assumedRole, containerPlan, environmentKeys, rolePlan } from "./role-plan.ts";
import { absentProfile, type SharedFiles, type SharedProfile } from "./shared-files.ts";

/** Whose credentials are wanted. */
export interface PlanQuestion {
  /** From `--profile`; undefined leaves it to the environment. */
  readonly profile: string | undefined;
  /** What names the profile, if not `--profile`. */
  readonly by?: string | undefined;
  /** Region of the cluster: its STS is called for every role. */
  readonly region: string;
}

/**
 * Where credentials come from, in the order of AWS CLI 2. A named profile that gives nothing is an error, and never leads to
 * another identity: neither the container's nor the machine's is tried instead.
 *
 * Throws `profile-missing`, `profile-empty`, `profile-invalid`, `aws-variables-invalid` or `aws-not-configured`.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Whose profile, whose keys".
 */
export function planOf(question: PlanQuestion, files: SharedFiles, env: Env): CredentialsPlan {
  const named = namedProfile(question, env);
  const profile = sharedProfile(named, files);
  const variables = question.profile === undefined ? env : {};
  const context = { files, env, region: question.region };
  const keys = environmentKeys(variables);
  if (keys !== undefined) return keys;
  const role = assumedRole(profile);
  if (role !== undefined) return rolePlan(profile, role, context);
  const plan = profilePlan(profile, context, variables);
  if (plan !== undefined) return plan;
  if (named !== undefined) throw emptyProfile(profile, named.by);
  const container = containerPlan(env);
  if (container === undefined) throw notConfigured(files);
  return container;
}

/**
 * The session name for a role named on the command line if no person can be named, the same as that of
 * `aws eks get-token --role-arn`. Source: token/eks/EKS-TOKEN.md, "Generators".
 */
export const USUAL_SESSION_NAME = "EKSGetTokenAuth";

/** The plan with the roles of the command line on top, each assumed by the one before. A role that follows itself is not assumed again. */
export function throughRoles(
  plan: CredentialsPlan,
  { via, role, region, sessionName }: Pick<AwsQuestion, "via" | "role" | "region" | "sessionName">,
): CredentialsPlan {
  const roles = role === undefined ? [] : [...via, role].filter((arn, index, all) => arn !== all[index - 1]);
  return roles.reduce<CredentialsPlan>(
    (source, roleArn, index) => ({
      kind: "assume-role",
      source,
      roleArn,
      sessionName,
      usualName: USUAL_SESSION_NAME,
      externalId: undefined,
      durationSeconds: undefined,
      mfaSerial: undefined,
      region,
      origin: { option: index === roles.length - 1 ? "--role" : "--via" },
    }),
    plan,
  );
}

/** A profile, and what names it. */
export interface NamedProfile {
  readonly name: string;
  readonly by: string;
}

/** Undefined: no profile is named. */
export function namedProfile(
  { profile, by = "--profile" }: Pick<PlanQuestion, "profile" | "by">,
  env: Env,
): NamedProfile | undefined {
  if (profile !== undefined) return { name: profile, by };
  for (const variable of ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]) {
    const name = envValue(env, variable);
    if (name !== undefined) return { name, by: variable };
  }
  return undefined;
}

function sharedProfile(named: NamedProfile | undefined, files: SharedFiles): SharedProfile {
  const profile = files.profiles.get(named?.name ?? "default");
  if (profile !== undefined) return profile;
  if (named !== undefined) throw missingProfile(named.name, named.by, files);
  return absentProfile("default", files);
}
