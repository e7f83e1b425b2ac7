import { awsConfigPath } from "../../token/aws/aws-paths.ts";
import {
  configProfiles,
  type SharedFiles,
  type SharedProfile,
} from "../../token/aws/sources/shared-files.ts";
import { chosenVouchProfile } from "../../token/aws/vouch-profile.ts";
import { debug } from "../../token/debug.ts";
import { envValue } from "../../token/env.ts";
import type { RoleQuestion } from "../../token/hot/question.ts";
import type { Origin } from "../../token/settings/settings.ts";
import type { App } from "../app.ts";
import type { Desk } from "../workplace/workplace.ts";

/** The options of a command line about the role. */
export interface RoleFlags {
  readonly role: string | undefined;
  /** Undefined if no `--via` was given, which differs from an empty list. */
  readonly via: readonly string[] | undefined;
  readonly profile: string | undefined;
  readonly region: string | undefined;
  readonly server: string | undefined;
  readonly account: string | undefined;
}

/** The role to request, by the command line and the profile, and where it comes from. */
export interface ChosenRole extends Pick<RoleQuestion, "role" | "via" | "account"> {
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
export function resolveRole(options: RoleFlags, desk: Desk): ChosenRole {
  const choice = chooseRole(options, desk);
  const { role, via, origin, region } = choice;
  debug(`role ${[...via, role].join(", then ")} (from ${origin})`);
  debug(`region ${region === undefined ? "unknown" : `${region.value} (from ${region.origin})`}`);
  return choice;
}

function chooseRole(options: RoleFlags, desk: Desk): ChosenRole {
  const { app } = desk;
  const { role: typed, server, account } = options;
  if (typed !== undefined) {
    return {
      role: typed,
      via: options.via ?? [],
      origin: "flag --role",
      profile: undefined,
      region: givenRegion(options.region, app) ?? profileRegion(options.profile, desk),
      server,
      account,
    };
  }
  const { profiles, file } = ourProfiles(desk);
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
    account: account ?? vouch.account,
  };
}

/** The profile that AWS tools use here, for `config view`. */
export function profileSetting({ env }: App): Origin<string | undefined> {
  const value = envValue(env, "AWS_PROFILE");
  return value === undefined ? { value: undefined, origin: "default" } : { value, origin: "AWS_PROFILE" };
}

/** The region when no flag names one, for `config view`. */
export function regionSetting(desk: Desk): Origin<string | undefined> {
  return (
    givenRegion(undefined, desk.app) ??
    profileRegion(undefined, desk) ?? { value: undefined, origin: "default" }
  );
}

/** The region to request a role in where no cluster gives one: every STS of the partition can do it. */
export function roleRegion(desk: Desk): string {
  return regionSetting(desk).value ?? "us-east-1";
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

function profileRegion(flag: string | undefined, desk: Desk): Origin<string> | undefined {
  const { profiles, file } = ourProfiles(desk);
  const name = flag ?? envValue(desk.app.env, "AWS_PROFILE") ?? "default";
  const profile = profiles.get(name);
  return profile && regionOf(profile, file);
}

function regionOf({ name, settings }: SharedProfile, file: string): Origin<string> | undefined {
  const value = settings.get("region")?.value;
  return value ? { value, origin: `profile ${name} in ${file}` } : undefined;
}

function ourProfiles({ aws: { env, homeDir, read } }: Desk): {
  readonly profiles: SharedFiles["profiles"];
  readonly file: string;
} {
  const file = awsConfigPath(env, homeDir);
  return { profiles: configProfiles({ path: file, text: read(file).text }), file };
}
