import { awsConfigPath } from "../../token/aws/aws-paths.ts";
import { type AwsProfile, readAwsProfiles } from "../../token/aws/aws-profiles.ts";
import { chosenVouchProfile } from "../../token/aws/vouch-profile.ts";
import { debug } from "../../token/debug.ts";
import { envValue } from "../../token/env.ts";
import { readTextFile } from "../../token/files/plain-file.ts";
import type { RoleRequest } from "../../token/hot/question.ts";
import type { Origin } from "../../token/settings/settings.ts";
import type { App } from "../app.ts";

/** The options of a command line about the role. */
export interface RoleOptions {
  readonly role: string | undefined;
  /** Undefined if no `--via` was given, which differs from an empty list. */
  readonly via: readonly string[] | undefined;
  readonly profile: string | undefined;
  readonly region: string | undefined;
  readonly server: string | undefined;
  readonly account: string | undefined;
}

/** The role to request, by the command line and the profile, and where it comes from. */
export interface RoleChoice extends Pick<RoleRequest, "role" | "via" | "account"> {
  /** `flag --role`, `flag --profile`, `AWS_PROFILE`, or the file with the only Vouch profile. */
  readonly origin: string;
  /** The profile the role comes from. */
  readonly profile: string | undefined;
  readonly region: Origin<string> | undefined;
  /** Undefined: the settings decide. */
  readonly server: string | undefined;
}

/**
 * The role: `--role`; else that of `--profile`, of `AWS_PROFILE` if it is ours, of the only Vouch profile. The AWS config is read
 * only if something is missing: a complete command line depends on no file.
 */
export function resolveRole(options: RoleOptions, app: App): RoleChoice {
  const choice = chooseRole(options, app);
  const { role, via, origin, region } = choice;
  debug(`role ${[...via, role].join(", then ")} (from ${origin})`);
  debug(`region ${region === undefined ? "unknown" : `${region.value} (from ${region.origin})`}`);
  return choice;
}

function chooseRole(options: RoleOptions, app: App): RoleChoice {
  const { role: typed, server, account } = options;
  if (typed !== undefined) {
    return {
      role: typed,
      via: options.via ?? [],
      origin: "flag --role",
      profile: undefined,
      region: givenRegion(options.region, app) ?? profileRegion(options.profile, app),
      server,
      account: account ?? null,
    };
  }
  const { profiles, file } = ourProfiles(app);
  const { profile, origin } = chosenVouchProfile(profiles, {
    flag: options.profile,
    variable: envValue(app.env, "AWS_PROFILE"),
    file,
  });
  const { vouch } = profile;
  return {
    role: vouch.role,
    via: options.via ?? vouch.via,
    origin,
    profile: profile.name,
    region: givenRegion(options.region, app) ?? regionOf(profile, file),
    server: server ?? vouch.server,
    account: account ?? vouch.account ?? null,
  };
}

/** The profile that AWS tools use here, for `config view`. */
export function profileSetting({ env }: App): Origin<string | undefined> {
  const value = envValue(env, "AWS_PROFILE");
  return value === undefined ? { value: undefined, origin: "default" } : { value, origin: "AWS_PROFILE" };
}

/** The region when no flag names one, for `config view`. */
export function regionSetting(app: App): Origin<string | undefined> {
  return (
    givenRegion(undefined, app) ?? profileRegion(undefined, app) ?? { value: undefined, origin: "default" }
  );
}

/** The region to request a role in where no cluster gives one: every STS of the partition can do it. */
export function roleRegion(app: App): string {
  return regionSetting(app).value ?? "us-east-1";
}

/** Flag, then environment, in AWS's own order. */
export function givenRegion(flag: string | undefined, { env }: App): Origin<string> | undefined {
  if (flag !== undefined) return { value: flag, origin: "flag --region" };
  for (const origin of ["AWS_REGION", "AWS_DEFAULT_REGION"]) {
    const value = envValue(env, origin);
    if (value !== undefined) return { value, origin };
  }
  return undefined;
}

function profileRegion(flag: string | undefined, app: App): Origin<string> | undefined {
  const { profiles, file } = ourProfiles(app);
  const name = flag ?? envValue(app.env, "AWS_PROFILE") ?? "default";
  const profile = profiles.find((candidate) => candidate.name === name);
  return profile && regionOf(profile, file);
}

function regionOf({ name, region }: AwsProfile, file: string): Origin<string> | undefined {
  return region === undefined ? undefined : { value: region, origin: `profile ${name} in ${file}` };
}

function ourProfiles({ env, homeDir }: App): {
  readonly profiles: readonly AwsProfile[];
  readonly file: string;
} {
  const file = awsConfigPath(env, homeDir);
  return { profiles: readAwsProfiles(readTextFile(file), file), file };
}
