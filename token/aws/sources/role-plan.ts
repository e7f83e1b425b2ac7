import { type Env, envValue } from "../../env.ts";
import {
  emptyProfile,
  identitySetting,
  invalidProfile,
  invalidVariables,
  missingSource,
  originOf,
} from "./plan-errors.ts";
import type { AssumeRolePlan, ContainerPlan, CredentialsPlan, KeysPlan } from "./plan-kinds.ts";
import { type PlanContext, profilePlan, SESSION_NAME } from "./profile-plan.ts";
import type { SharedProfile, SharedSetting } from "./shared-files.ts";

/** The longest chain of roles, each a call of STS: more than anyone has. */
const MAX_ROLES = 50;

/** The `role_arn` of a profile whose role is assumed with other credentials. */
export function assumedRole(profile: SharedProfile): SharedSetting | undefined {
  return profile.settings.has("web_identity_token_file") ? undefined : identitySetting(profile, "role_arn");
}

/**
 * The role of a profile (its `assumedRole`), and those before it along `source_profile`. `visited` are the profiles passed so
 * far, this one last. Throws `profile-invalid`, `profile-missing` or `profile-empty`.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Roles of profiles".
 */
export function rolePlan(
  profile: SharedProfile,
  role: SharedSetting,
  context: PlanContext,
  visited: readonly string[] = [profile.name],
): AssumeRolePlan {
  if (visited.length > MAX_ROLES)
    throw invalidProfile(profile, undefined, `its chain of roles is longer than ${MAX_ROLES}`);
  const optional = (key: string) => identitySetting(profile, key)?.value;
  return {
    kind: "assume-role",
    source: sourceOf(profile, role, context, visited),
    roleArn: role.value,
    sessionName: optional("role_session_name"),
    usualName: SESSION_NAME,
    externalId: optional("external_id"),
    durationSeconds: durationOf(profile),
    mfaSerial: optional("mfa_serial"),
    region: context.region,
    origin: originOf(profile, role),
  };
}

function sourceOf(
  profile: SharedProfile,
  role: SharedSetting,
  context: PlanContext,
  visited: readonly string[],
): CredentialsPlan {
  const named = identitySetting(profile, "source_profile");
  const source = identitySetting(profile, "credential_source");
  if (named !== undefined && source !== undefined)
    throw invalidProfile(profile, source, "it sets both source_profile and credential_source");
  if (source !== undefined) return planOfSource(profile, source, context);
  if (named === undefined)
    throw invalidProfile(profile, role, "it sets role_arn, but neither source_profile nor credential_source");
  const next = context.files.profiles.get(named.value);
  if (next === undefined) throw missingSource(profile, named);
  const isLoop = visited.includes(next.name) && !(next.name === profile.name && hasKeys(next));
  if (isLoop)
    throw invalidProfile(
      profile,
      named,
      `source_profile forms a loop: ${[...visited, next.name].join(" > ")}`,
    );
  const before = hasKeys(next) ? undefined : assumedRole(next);
  if (before !== undefined) return rolePlan(next, before, context, [...visited, next.name]);
  const plan = profilePlan(next, context, {});
  if (plan === undefined) throw emptyProfile(next, `source_profile in profile ${profile.name}`);
  return plan;
}

/** Keys are a source, even if their profile also names a role. */
function hasKeys({ settings }: SharedProfile): boolean {
  return settings.has("aws_access_key_id") || settings.has("aws_secret_access_key");
}

/** The variables count even with `--profile`, since it is the profile that refers to them. */
function planOfSource(profile: SharedProfile, source: SharedSetting, { env }: PlanContext): CredentialsPlan {
  const without = (why: string) =>
    invalidProfile(profile, source, `credential_source is ${source.value}, but ${why}`);
  switch (source.value) {
    case "Environment": {
      const keys = environmentKeys(env);
      if (keys === undefined) throw without("AWS_ACCESS_KEY_ID is not set");
      return keys;
    }
    case "EcsContainer": {
      const container = containerPlan(env);
      if (container === undefined)
        throw without(
          "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set",
        );
      return container;
    }
    case "Ec2InstanceMetadata":
      if (envValue(env, "AWS_EC2_METADATA_DISABLED")?.toLowerCase() === "true")
        throw without("AWS_EC2_METADATA_DISABLED is true");
      return { kind: "instance-metadata", origin: originOf(profile, source) };
    default:
      throw without("it must be Environment, EcsContainer or Ec2InstanceMetadata");
  }
}

function durationOf(profile: SharedProfile): number | undefined {
  const setting = identitySetting(profile, "duration_seconds");
  if (setting === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(setting.value))
    throw invalidProfile(
      profile,
      setting,
      `duration_seconds is ${setting.value}; it must be a number of seconds`,
    );
  return Number(setting.value);
}

/** The keys in the environment, if there are any. Throws `aws-variables-invalid` for an id without its secret. */
export function environmentKeys(env: Env): KeysPlan | undefined {
  const accessKeyId = envValue(env, "AWS_ACCESS_KEY_ID");
  const secretAccessKey = envValue(env, "AWS_SECRET_ACCESS_KEY");
  if (accessKeyId === undefined) return undefined;
  if (secretAccessKey === undefined)
    throw invalidVariables(
      ["AWS_ACCESS_KEY_ID"],
      "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
    );
  return {
    kind: "keys",
    from: "environment",
    accessKeyId,
    secretAccessKey,
    sessionToken: envValue(env, "AWS_SECURITY_TOKEN") ?? envValue(env, "AWS_SESSION_TOKEN"),
    expires: envValue(env, "AWS_CREDENTIAL_EXPIRATION"),
    origin: { variable: "AWS_ACCESS_KEY_ID" },
  };
}

/** The credentials address in a container's variables, if there is one. The relative one takes precedence. */
export function containerPlan(env: Env): ContainerPlan | undefined {
  const relative = envValue(env, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (relative !== undefined)
    return {
      kind: "container",
      uri: { relative },
      origin: { variable: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" },
    };
  const full = envValue(env, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
  return full === undefined
    ? undefined
    : { kind: "container", uri: { full }, origin: { variable: "AWS_CONTAINER_CREDENTIALS_FULL_URI" } };
}
