import { awsConfigPath, awsCredentialsPath } from "../../token/aws/aws-paths.ts";
import { type AwsProfile, readAwsProfiles, readCredentialsProfiles } from "../../token/aws/aws-profiles.ts";
import { FILE_VARIABLES } from "../../token/aws/file-variables.ts";
import type { ApprovedProcess } from "../../token/aws/sources/process-approval.ts";
import type { ProfileName } from "../../token/aws/sources/profile-record.ts";
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

/** A user entry of another program, with what determines its identity, which may be secret. */
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
  /** Whether it can be another in another shell, or on another day. */
  readonly isOpen?: boolean;
  readonly reason: string;
}

/**
 * Variables that give credentials, whatever the profile. Source: botocore, credentials.py,
 * `create_credential_resolver`.
 */
const CREDENTIAL_VARIABLES = [
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
 * determined, or that depends on the shell, counts as another.
 */
export function compareIdentity(was: ForeignEksUser, source: VouchSource, aws: ShellAws): IdentityComparison {
  const { unknownFlag, role } = was;
  if (unknownFlag !== undefined) return other(`it has the argument ${unknownFlag}, which we do not know`);
  const otherLogin = whyOtherLogin(was, source);
  if (otherLogin !== undefined) return other(`it ${otherLogin}`);
  if (role !== undefined) return isRole(role, source, `it assumes ${role}`);
  const variable = CREDENTIAL_VARIABLES.find((name) => was.env[name] !== undefined);
  if (variable !== undefined) return other(`its variable ${variable} says who it is`);
  return was.by === "vouch" ? compareUpstream(was, source, aws) : compareProfile(was, source, aws);
}

/** Why the login that a command line names is not ours; continues a sentence. Undefined if it names none, or ours. */
function whyOtherLogin(
  { server, account }: Pick<ForeignEksUser, "server" | "account">,
  source: VouchSource,
): string | undefined {
  if (server !== undefined && ![source.server, `${source.server}/`].includes(server))
    return `logs in at ${server}, not at ${source.server}`;
  return account === undefined || account === source.account ? undefined : `is for the account ${account}`;
}

/**
 * Upstream takes `AWS_PROFILE` if that profile is Vouch's, else the only Vouch profile there is, else none.
 * Source: vouch-sh/vouch, crates/vouch-cli/src/commands/setup/eks.rs.
 */
function compareUpstream({ env }: ForeignEksUser, source: VouchSource, aws: ShellAws): IdentityComparison {
  const candidates = vouchProfiles(profilesIn({ ...aws.env, ...env }, aws.homeDir));
  const named = candidates.find(({ name }) => name === envValue(env, "AWS_PROFILE"));
  const roles = new Set((named === undefined ? candidates : [named]).map(({ vouch }) => vouch.role));
  const [role] = roles;
  if (role === undefined) return { isSame: true, reason: "no AWS profile says which role it takes" };
  if (roles.size > 1)
    return other(`it takes the role of an AWS profile, and there are ${[...roles].join(", ")}`);
  return isRole(role, source, `its AWS profile means ${role}`);
}

function compareProfile(was: ForeignEksUser, source: VouchSource, aws: ShellAws): IdentityComparison {
  const { profile: name, reason } = profileOf(was, aws);
  if (reason !== undefined) return open(reason);
  if (name === undefined)
    return open("it names neither a role nor a profile, so each shell decides who it is");
  const moved = FILE_VARIABLES.find((file) => was.env[file] === undefined && envValue(aws.env, file));
  if (moved !== undefined) return open(`${moved} of this shell says where its AWS profile ${name} is`);
  const env = { ...aws.env, ...was.env };
  const file = awsCredentialsPath(env, aws.homeDir);
  if (readCredentialsProfiles(readTextFile(file), file).includes(name))
    return other(`its AWS profile ${name} has credentials in ${file}`);
  const profile = profilesIn(env, aws.homeDir).find((candidate) => candidate.name === name);
  return profile === undefined
    ? other(`its AWS profile ${name} is not in ${awsConfigPath(env, aws.homeDir)}`)
    : profileIdentity(profile, source);
}

/** The profile that an entry names, whatever its caller's shell has set; undefined: its variables or its caller decide. */
export function profileOf(
  was: ForeignEksUser,
  aws: ShellAws,
): { readonly profile: string | undefined; readonly reason?: string | undefined } {
  const unclear = (reason: string) => ({ profile: undefined, reason });
  const home = ["HOME", "USERPROFILE"].find((name) => was.env[name] !== undefined);
  if (home !== undefined) return unclear(`its ${home} leads to other AWS files than yours`);
  if (was.isProfileFlag) return { profile: was.profile };
  const own = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].map((name) => envValue(was.env, name));
  const inShell = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].map((name) => envValue(aws.env, name));
  const inForce = own.map((value, index) => value ?? inShell[index]);
  const [first, second] = inForce;
  const isOneOf = first !== undefined && second !== undefined && first !== second;
  // The SDK for Go takes the first, as version 2 does.
  if (isOneOf && (was.by === "aws" || (own[0] === undefined && own[1] !== undefined)))
    return unclear(
      `AWS_PROFILE is ${first} and AWS_DEFAULT_PROFILE is ${second}, and versions 1 and 2 of the AWS CLI take different ones`,
    );
  const keys = CREDENTIAL_VARIABLES.find((name) => envValue(was.env, name) !== undefined);
  const profile = own.find((value) => value !== undefined);
  if (keys !== undefined)
    return profile === undefined || isKey(keys)
      ? { profile: undefined }
      : unclear(`its variables name profile ${profile} and ${keys}, and programs take different ones`);
  if (profile === undefined) return { profile };
  const stronger = CREDENTIAL_VARIABLES.find((name) => envValue(aws.env, name) !== undefined);
  if (stronger === undefined) return { profile };
  return unclear(`its AWS_PROFILE is ${profile}, but ${stronger} of this shell overrides it`);
}

/** Every program prefers keys to a profile that a variable names. */
function isKey(variable: string): boolean {
  return ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].includes(variable);
}

function profileIdentity(profile: AwsProfile, source: VouchSource): IdentityComparison {
  const { name, roleArn, vouch, settings } = profile;
  const otherLogin = vouch && whyOtherLogin(vouch, source);
  if (otherLogin !== undefined) return other(`its AWS profile ${name} ${otherLogin}`);
  const role = roleArn ?? vouch?.role;
  if (role !== undefined) return isRole(role, source, `its AWS profile ${name} means ${role}`);
  const { sso_role_name: permissionSet, sso_account_id: account } = settings;
  if (permissionSet !== undefined)
    return other(`its AWS profile ${name} means the permission set ${permissionSet} in account ${account}`);
  const gives = ["credential_process", "aws_access_key_id", "login_session", "sso_session", "sso_start_url"];
  const how = gives.find((key) => settings[key] !== undefined);
  if (how !== undefined) return other(`its AWS profile ${name} has other credentials (${how})`);
  return other(`its AWS profile ${name} says nothing of a role`);
}

function isRole(role: string, source: VouchSource, why: string): IdentityComparison {
  return role === source.role
    ? { isSame: true, reason: why }
    : { isSame: false, reason: `${why}, not ${source.role}` };
}

function other(reason: string): IdentityComparison {
  return { isSame: false, reason };
}

function open(reason: string): IdentityComparison {
  return { isSame: false, isOpen: true, reason };
}

function profilesIn(env: Env, homeDir: string): AwsProfile[] {
  const file = awsConfigPath(env, homeDir);
  return readAwsProfiles(readTextFile(file), file);
}
