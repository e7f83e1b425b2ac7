import { awsConfigPath, awsCredentialsPath } from "../../token/aws/aws-paths.ts";
import { type AwsProfile, readAwsProfiles, readCredentialsProfiles } from "../../token/aws/aws-profiles.ts";
import type { ApprovedProcess } from "../../token/aws/sources/process-approval.ts";
import type { ProfileName } from "../../token/aws/sources/profile-record.ts";
import { namedProfile } from "../../token/aws/sources/source-plan.ts";
import { vouchProfiles } from "../../token/aws/vouch-profile.ts";
import { type Env, envValue } from "../../token/env.ts";
import { readTextFile } from "../../token/files/private-file.ts";
import type { VouchSource } from "../../token/kubeconfig/context-source.ts";

/** A user entry that gets its EKS tokens from another program, as it may be shown. */
export interface ShownEksUser {
  readonly by: "aws" | "aws-iam-authenticator" | "vouch";
  readonly clusterName: string;
  readonly region: string | undefined;
  /** The role it assumes, if it names one. */
  readonly role: string | undefined;
  /** Roles that upstream assumes before it. */
  readonly via?: readonly string[];
  /** The AWS profile it starts from, if an argument or a variable of its own names one. */
  readonly profile: string | undefined;
  /** The Vouch server and account that upstream's arguments name. */
  readonly server: string | undefined;
  readonly account: string | undefined;
}

/** The same with what determines its identity, which may be secret. */
export interface ForeignEksUser extends ShownEksUser {
  /** Whether an argument names the profile, which overrides all variables. */
  readonly isProfileFlag: boolean;
  /** `exec.env` */
  readonly env: Readonly<Record<string, string>>;
  /** An argument that we do not know: it may mean anything. */
  readonly unknownFlag: string | undefined;
  /** An argument that no context of ours can express. */
  readonly unsayable: string | undefined;
}

/** Where an entry of another program gets its credentials if it names nobody. */
export interface ShellAws {
  readonly env: Env;
  readonly homeDir: string;
  /** Whether a person agreed to what a profile runs for its credentials. */
  readonly isApproved: (name: ProfileName, process: Pick<ApprovedProcess, "line" | "configFile">) => boolean;
}

/** Whether an entry of another program and one of ours are the same role, and why we think so. */
export interface IdentityComparison {
  readonly isSame: boolean;
  readonly reason: string;
}

/**
 * Variables that give credentials, whatever the profile. Source: botocore, credentials.py,
 * `create_credential_resolver`.
 */
export const CREDENTIAL_VARIABLES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_ROLE_ARN",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/**
 * Compares the identity of another program's entry with the one it would have after `--migrate`. An identity that cannot be
 * determined counts as another, so the entry stays. One that names nobody, on a machine that names nobody either, has no identity
 * yet, and counts as the same.
 */
export function compareIdentity(was: ForeignEksUser, source: VouchSource, aws: ShellAws): IdentityComparison {
  const { unknownFlag, role, server, account } = was;
  if (unknownFlag !== undefined) return other(`it has the argument ${unknownFlag}, which we do not know`);
  if (server !== undefined && ![source.server, `${source.server}/`].includes(server))
    return other(`it logs in at ${server}, not at ${source.server}`);
  if (account !== undefined && account !== source.account) return other(`it is for the account ${account}`);
  if (role !== undefined) return isRole(role, source, `it assumes ${role}`);
  const variable = CREDENTIAL_VARIABLES.find((name) => was.env[name] !== undefined);
  if (variable !== undefined) return other(`its variable ${variable} says who it is`);
  return was.by === "vouch" ? compareUpstream(was, source, aws) : compareProfile(was, source, aws);
}

/**
 * Upstream takes `AWS_PROFILE` if that profile is Vouch's, else the only Vouch profile there is.
 * Source: vouch-sh/vouch, crates/vouch-cli/src/commands/setup/eks.rs.
 */
function compareUpstream({ env }: ForeignEksUser, source: VouchSource, aws: ShellAws): IdentityComparison {
  const all = { ...aws.env, ...env };
  const candidates = vouchProfiles(profilesIn(all, aws.homeDir));
  const named = candidates.find(({ name }) => name === envValue(all, "AWS_PROFILE"));
  const roles = new Set((named === undefined ? candidates : [named]).map(({ vouch }) => vouch.role));
  const [role] = roles;
  if (role === undefined) return nobody();
  if (roles.size > 1)
    return other(`it takes the role of an AWS profile, and there are ${[...roles].join(", ")}`);
  return isRole(role, source, `its AWS profile means ${role}`);
}

function compareProfile(was: ForeignEksUser, source: VouchSource, aws: ShellAws): IdentityComparison {
  const [first, second] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].map((name) => envValue(was.env, name));
  if (first !== undefined && second !== undefined && first !== second)
    return other(`its variables name two profiles, ${first} and ${second}`);
  const own = was.profile || undefined;
  if (own === undefined) {
    const variable = CREDENTIAL_VARIABLES.find((name) => envValue(aws.env, name) !== undefined);
    if (variable !== undefined)
      return other(`it names no role, and ${variable} of this shell says who it is`);
  }
  const named = namedProfile({ profile: own }, aws.env)?.name;
  const name = named ?? "default";
  const env = { ...aws.env, ...was.env };
  const file = awsCredentialsPath(env, aws.homeDir);
  if (readCredentialsProfiles(readTextFile(file), file).includes(name))
    return other(`its AWS profile ${name} has credentials in ${file}`);
  const profile = profilesIn(env, aws.homeDir).find((candidate) => candidate.name === name);
  if (profile === undefined)
    return named === undefined
      ? nobody()
      : other(`its AWS profile ${name} is not in ${awsConfigPath(env, aws.homeDir)}`);
  return profileIdentity(profile, source);
}

function profileIdentity(profile: AwsProfile, source: VouchSource): IdentityComparison {
  const { name, roleArn, vouch, settings } = profile;
  const role = roleArn ?? vouch?.role;
  if (role !== undefined) return isRole(role, source, `its AWS profile ${name} means ${role}`);
  const { sso_role_name: permissionSet, sso_account_id: account } = settings;
  if (permissionSet !== undefined)
    return other(`its AWS profile ${name} means the permission set ${permissionSet} in account ${account}`);
  const gives = ["credential_process", "aws_access_key_id", "login_session", "sso_session", "sso_start_url"];
  const how = gives.find((key) => settings[key] !== undefined);
  if (how !== undefined) return other(`its AWS profile ${name} has other credentials (${how})`);
  return name === "default" ? nobody() : other(`its AWS profile ${name} says nothing of a role`);
}

function isRole(role: string, source: VouchSource, why: string): IdentityComparison {
  return role === source.role
    ? { isSame: true, reason: why }
    : { isSame: false, reason: `${why}, not ${source.role}` };
}

function other(reason: string): IdentityComparison {
  return { isSame: false, reason };
}

function nobody(): IdentityComparison {
  return { isSame: true, reason: "it named neither a role nor a profile" };
}

function profilesIn(env: Env, homeDir: string): AwsProfile[] {
  const file = awsConfigPath(env, homeDir);
  return readAwsProfiles(readTextFile(file), file);
}
