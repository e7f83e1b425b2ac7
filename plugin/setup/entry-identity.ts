import { parseRoleArn } from "../../token/aws/arn.ts";
import { awsConfigPath } from "../../token/aws/aws-paths.ts";
import { FILE_VARIABLES } from "../../token/aws/file-variables.ts";
import type { CredentialsPlan } from "../../token/aws/sources/plan-kinds.ts";
import { type AwsMachine, readAwsFiles } from "../../token/aws/sources/read-plan.ts";
import { configProfiles, type SharedProfile } from "../../token/aws/sources/shared-files.ts";
import { vouchProfiles } from "../../token/aws/vouch-profile.ts";
import { envValue } from "../../token/env.ts";
import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import { type AwsIdentity, identityVariables, type VouchIdentity } from "../../token/kubeconfig/identity.ts";
import { ANY_REGION, contextPlan, processOf, profileInForce } from "../aws/context-plan.ts";
import type { ForeignEksUser, ShellAws } from "./foreign-user.ts";

/** The variable in an entry that names a profile; undefined: an argument does, or nothing. */
function namedBy({ isProfileFlag, env }: ForeignEksUser): string | undefined {
  if (isProfileFlag) return undefined;
  return ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].find((name) => envValue(env, name) !== undefined);
}

/** Where the credentials of an entry come from, or why it is unknown; the reason completes a sentence that begins with the entry. */
function planOrReason(
  source: AwsIdentity,
  machine: AwsMachine,
  by: string | undefined,
): CredentialsPlan | string {
  try {
    if (source.role !== undefined) parseRoleArn(source.role);
    return contextPlan(source, ANY_REGION, machine, by);
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    if (error.code === "aws-not-configured")
      return "it does not specify an identity, and this machine does not provide one";
    return `its identity cannot be determined: ${reasonOf(error).replace(/\.$/, "")}`;
  }
}

/** Settings that the AWS CLI and the SDK for Go prefer in different orders. */
const SETTING_KINDS: Readonly<Record<string, string>> = {
  web_identity_token_file: "a web identity",
  sso_account_id: "an Identity Center role",
  aws_access_key_id: "keys",
  login_session: "a login",
  credential_process: "a process",
  source_profile: "a source profile",
  credential_source: "a credential source",
};

/**
 * Why programs take different credentials of a profile. Source: aws/aws-sdk-go-v2, config/resolve_credentials.go,
 * `resolveCredsFromProfile`.
 */
function severalSources(
  { name, settings }: SharedProfile,
  profiles: ReadonlyMap<string, SharedProfile>,
  depth = 0,
): string | undefined {
  const kinds = Object.entries(SETTING_KINDS).flatMap(([key, what]) => (settings.has(key) ? [what] : []));
  if (kinds.length > 1)
    return `its AWS profile ${name} has ${kinds.join(" and ")}, and AWS programs disagree on which comes first`;
  const base = profiles.get(settings.get("source_profile")?.value ?? "");
  return base === undefined || base.name === name || depth > profiles.size
    ? undefined
    : severalSources(base, profiles, depth + 1);
}

/** Whether an entry of another program and one of ours are the same role, and why we think so. */
interface IdentityComparison {
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
export function compareIdentity(
  was: ForeignEksUser,
  source: VouchIdentity,
  aws: ShellAws,
): IdentityComparison {
  const { unknownFlag, role } = was;
  if (unknownFlag !== undefined)
    return other(`it has the argument ${unknownFlag}, which kubectl-vouch does not know`);
  const otherLogin = whyOtherLogin(was, source);
  if (otherLogin !== undefined) return other(`it ${otherLogin}`);
  if (role !== undefined) return isRole(role, source, `it assumes ${role}`);
  const variable = CREDENTIAL_VARIABLES.find((name) => was.env[name] !== undefined);
  if (variable !== undefined) return other(`its variable ${variable} determines its identity`);
  return was.by === "vouch" ? compareUpstream(was, source, aws) : compareProfile(was, source, aws);
}

/** Why the login that a command line names is not ours; continues a sentence. Undefined if it names none, or ours. */
function whyOtherLogin(
  { server, account }: Pick<ForeignEksUser, "server" | "account">,
  source: VouchIdentity,
): string | undefined {
  if (server !== undefined && ![source.server, `${source.server}/`].includes(server))
    return `logs in to ${server}, not to ${source.server}`;
  return account === undefined || account === source.account ? undefined : `uses account ${account}`;
}

/**
 * Upstream uses `AWS_PROFILE` if that profile is Vouch's, else the only Vouch profile there is, else none.
 * Source: vouch-sh/vouch, crates/vouch-cli/src/commands/setup/eks.rs.
 */
function compareUpstream({ env }: ForeignEksUser, source: VouchIdentity, aws: ShellAws): IdentityComparison {
  const path = awsConfigPath({ ...aws.env, ...env }, aws.homeDir);
  const candidates = vouchProfiles(configProfiles({ path, text: aws.read(path).text }));
  const named = candidates.find(({ name }) => name === envValue(env, "AWS_PROFILE"));
  const roles = new Set((named === undefined ? candidates : [named]).map(({ vouch }) => vouch.role));
  const [role] = roles;
  if (role === undefined) return { isSame: true, reason: "no AWS profile specifies its role" };
  if (roles.size > 1)
    return other(`it uses the role of an AWS profile, but there are several: ${[...roles].join(", ")}`);
  return isRole(role, source, `the role of its AWS profile is ${role}`);
}

function compareProfile(was: ForeignEksUser, source: VouchIdentity, aws: ShellAws): IdentityComparison {
  const { profile: name, reason } = profileOf(was, aws);
  if (reason !== undefined) return open(reason);
  if (name === undefined)
    return open("it specifies neither a role nor a profile, so its identity depends on the shell");
  const moved = FILE_VARIABLES.find((file) => was.env[file] === undefined && envValue(aws.env, file));
  if (moved !== undefined) return open(`its AWS profile ${name} depends on ${moved} of this shell`);
  const env = { ...aws.env, ...was.env };
  const asked: AwsIdentity = { kind: "aws", profile: name, role: undefined, via: [], env: {} };
  const plan = planOrReason(asked, { ...aws, env }, namedBy(was));
  if (typeof plan === "string") return other(plan);
  const { profiles } = readAwsFiles({ ...aws, env }).files;
  const first = profiles.get(name);
  const several = first && severalSources(first, profiles);
  return several === undefined ? planIdentity(name, plan, source) : other(several);
}

/** The profile that an entry names, whatever its caller's shell has set; undefined: its variables or its caller decide. */
function profileOf(
  was: ForeignEksUser,
  aws: ShellAws,
): { readonly profile: string | undefined; readonly reason?: string | undefined } {
  const unclear = (reason: string) => ({ profile: undefined, reason });
  const home = ["HOME", "USERPROFILE"].find((name) => was.env[name] !== undefined);
  if (home !== undefined) return unclear(`its ${home} points to AWS files other than yours`);
  if (was.isProfileFlag) return { profile: was.profile };
  const own = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].map((name) => envValue(was.env, name));
  const inShell = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].map((name) => envValue(aws.env, name));
  const inForce = own.map((value, index) => value ?? inShell[index]);
  const [first, second] = inForce;
  const isOneOf = first !== undefined && second !== undefined && first !== second;
  // The SDK for Go takes the first, as version 2 does.
  if (isOneOf && (was.by === "aws" || (own[0] === undefined && own[1] !== undefined)))
    return unclear(
      `AWS_PROFILE is ${first} and AWS_DEFAULT_PROFILE is ${second}, and versions 1 and 2 of the AWS CLI use different ones`,
    );
  const keys = CREDENTIAL_VARIABLES.find((name) => envValue(was.env, name) !== undefined);
  const profile = own.find((value) => value !== undefined);
  if (keys !== undefined)
    return profile === undefined || isKey(keys)
      ? { profile: undefined }
      : unclear(`its variables set profile ${profile} and ${keys}, and programs use different ones`);
  if (profile === undefined) return { profile };
  const stronger = CREDENTIAL_VARIABLES.find((name) => envValue(aws.env, name) !== undefined);
  if (stronger === undefined) return { profile };
  return unclear(`its AWS_PROFILE is ${profile}, but ${stronger} in this shell overrides it`);
}

/** Every program prefers keys to a profile that a variable names. */
function isKey(variable: string): boolean {
  return ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].includes(variable);
}

/** Whose credentials a plan gives in the end. */
function planIdentity(name: string, plan: CredentialsPlan, source: VouchIdentity): IdentityComparison {
  const profile = `its AWS profile ${name}`;
  if (plan.kind === "assume-role") return isRole(plan.roleArn, source, `${profile} uses ${plan.roleArn}`);
  if (plan.kind === "sso")
    return other(`${profile} uses permission set ${plan.role} in account ${plan.account}`);
  const vouch = plan.kind === "process" ? plan.vouch : undefined;
  if (vouch === undefined) return other(`${profile} has different credentials (${PLAN_KINDS[plan.kind]})`);
  const otherLogin = whyOtherLogin(vouch, source);
  return otherLogin === undefined
    ? isRole(vouch.role, source, `${profile} uses ${vouch.role}`)
    : other(`${profile} ${otherLogin}`);
}

const PLAN_KINDS: Readonly<Record<Exclude<CredentialsPlan["kind"], "assume-role" | "sso">, string>> = {
  keys: "keys",
  process: "credential_process",
  "web-identity": "a web identity",
  container: "from a container",
  login: "aws login",
  "instance-metadata": "from the machine",
};

function isRole(role: string, source: VouchIdentity, why: string): IdentityComparison {
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

/** The identity of another program's entry as a context of ours, and why it may become that; or only why not. */
type ForeignIdentity =
  | { readonly source: AwsIdentity; readonly reason: string }
  | { readonly source: undefined; readonly reason: string };

/**
 * The exact identity of an entry of `aws` or aws-iam-authenticator: the profile that it specifies, or that of its caller. None
 * if a context of ours cannot express it, if AWS's programs disagree on it, or if no identity is specified. The reason completes a
 * sentence that begins with the entry.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Whose profile, whose keys".
 */
export function foreignIdentity(was: ForeignEksUser, aws: ShellAws): ForeignIdentity {
  if (was.by === "vouch") return none("it gets its tokens through a login with Vouch's own program");
  if (was.unknownFlag !== undefined)
    return none(`it has the argument ${was.unknownFlag}, which kubectl-vouch does not know`);
  if (was.unsayable !== undefined)
    return none(`it has the argument ${was.unsayable}, which a kubectl-vouch context cannot express`);
  const file = FILE_VARIABLES.find((name) => isUnclear(was.env[name]));
  if (file !== undefined)
    return none(
      `its variable ${file} is ${JSON.stringify(was.env[file])}, which programs interpret differently`,
    );
  const named = profileOf(was, aws);
  if (named.reason !== undefined) return none(named.reason);
  const { profile } = named;
  const env = identityVariables(was.env, profile);
  const { role, sessionName } = was;
  const session = sessionName === undefined ? {} : { sessionName };
  const source: AwsIdentity = { kind: "aws", profile, role, via: [], env, ...session };
  const obstacle = obstacleOf(source, was, aws);
  return obstacle === undefined ? { source, reason: whose(source, was) } : none(obstacle);
}

function none(reason: string): ForeignIdentity {
  return { source: undefined, reason };
}

/** The AWS CLI expands variables in such a path, and treats an empty one as no file. */
function isUnclear(file: string | undefined): boolean {
  return file !== undefined && (file === "" || file.includes("$"));
}

function whose(source: AwsIdentity, { isProfileFlag }: ForeignEksUser): string {
  const session =
    source.sessionName === undefined ? ", now in a session named after you" : ` as ${source.sessionName}`;
  const assumed = source.role === undefined ? "" : `, which assumes ${source.role}${session}`;
  const now = isProfileFlag ? "" : ", now also in a shell with AWS keys";
  return source.profile === undefined
    ? `it still uses the caller's AWS credentials${assumed}`
    : `it still uses AWS profile ${source.profile}${assumed}${now}`;
}

/** Why our identity would be another, given what the files and variables say now. */
function obstacleOf(source: AwsIdentity, was: ForeignEksUser, aws: ShellAws): string | undefined {
  const env = { ...aws.env, ...was.env };
  const plan = planOrReason(source, { ...aws, env }, namedBy(was));
  if (typeof plan === "string") return plan;
  const { files } = readAwsFiles({ ...aws, env });
  const { profile } = source;
  const process = processOf(plan);
  if (process !== undefined && "profile" in process.origin) {
    const asked = { line: process.line, configFile: process.origin.file };
    if (!aws.isApproved({ profile, configFile: files.configPath }, asked))
      return `AWS profile ${process.origin.profile} runs a credential_process that has not been approved yet`;
  }
  if (was.by === "aws") return undefined;
  const { profiles } = files;
  const first = profiles.get(profile ?? profileInForce(env));
  return first === undefined ? undefined : severalSources(first, profiles);
}
