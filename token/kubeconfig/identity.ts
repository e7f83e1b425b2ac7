import { FILE_VARIABLES } from "../aws/file-variables.ts";

/** Whose credentials a context uses: those of a Vouch session, of an AWS profile, or the caller's own. */
export type Identity = VouchIdentity | AwsIdentity;

export interface VouchIdentity extends Roles {
  readonly kind: "vouch";
  readonly role: string;
  /** Base URL of the Vouch server. */
  readonly server: string;
  /** The account to use if several users are logged in to one server. */
  readonly account: string | undefined;
}

export interface AwsIdentity extends Roles {
  readonly kind: "aws";
  /** Undefined: the credentials of the caller's environment, as AWS's programs find them if no profile is named. */
  readonly profile: string | undefined;
  /** The variables of the entry itself that determine whose credentials these are. May hold secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** Name of the sessions of the roles; undefined: that of the person whose credentials assume them. */
  readonly sessionName?: string | undefined;
}

/** The identity as far as the arguments and variables of a context state it; one written by hand may leave parts to a profile. */
export type StatedIdentity =
  | (Omit<VouchIdentity, "role" | "server"> & {
      readonly role: string | undefined;
      readonly server: string | undefined;
    })
  | AwsIdentity;

interface Roles {
  /** ARN. Undefined: the identity of the profile or the caller itself. */
  readonly role: string | undefined;
  /** ARNs of the roles to pass through, first to last. */
  readonly via: readonly string[];
}

/** What a context of ours holds besides the identity, to prevent accidents. */
export interface Safeguards {
  /** ARN of the role that an AI agent gets in place of the user's. */
  readonly agentRole?: string | undefined;
  /** Whether kubectl gets no token to change something before the user has confirmed it. */
  readonly isProtected?: boolean | undefined;
}

/**
 * The variables that decide if no argument names a profile. Source: doctor/AWS-CREDENTIALS.md, "Whose profile, whose keys".
 */
const AMBIENT_VARIABLES = [
  ...FILE_VARIABLES,
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_ROLE_ARN",
  "AWS_ROLE_SESSION_NAME",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
] as const;

/** Our command line that gives kubectl a token for a cluster, as written in a kubeconfig entry. */
export function credentialArgs(
  { name, id, region }: ClusterPlace,
  identity: Identity,
  { agentRole, isProtected = false }: Safeguards = {},
): string[] {
  const place = [
    ...named("--cluster-name", name),
    ...named("--cluster-id", id),
    ...named("--region", region),
  ];
  const safeguards = [...named("--agent-role", agentRole), ...(isProtected ? [PROTECTED] : [])];
  return ["credential", "eks", ...place, ...identityArgs(identity), ...safeguards];
}

interface ClusterPlace {
  readonly name: string;
  /** ID of a local cluster on an Outpost. */
  readonly id?: string | undefined;
  readonly region: string;
}

/** The argument of a context that asks before kubectl changes something. */
export const PROTECTED = "--protected";

/** The variable that confirms one command where no user can be asked: the name of its cluster. */
export const CONFIRMATION = "VOUCH_CONFIRM";

function identityArgs(identity: Identity): string[] {
  const via = identity.via.flatMap((arn) => named("--via", arn));
  const role = named("--role", identity.role);
  if (identity.kind === "vouch")
    return [...role, ...via, ...named("--server", identity.server), ...named("--account", identity.account)];
  const { profile } = identity;
  const source = profile === undefined ? ["--ambient"] : named("--profile", profile);
  return [...source, ...via, ...role, ...named("--session-name", identity.sessionName)];
}

/** A value that begins with a dash would be read as the next flag. */
function named(flag: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  return value.startsWith("-") ? [`${flag}=${value}`] : [flag, value];
}

/** The variables of an exec block that determine whose credentials these are. */
export function identityVariables(
  env: Readonly<Record<string, string>>,
  profile: string | undefined,
): Readonly<Record<string, string>> {
  const names: readonly string[] = profile === undefined ? AMBIENT_VARIABLES : FILE_VARIABLES;
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => names.includes(name) && value !== ""),
  );
}

/**
 * Whether two are the same identity, however it is reached: the same role for the same user of Vouch, or the same
 * profile in the same files with the same role on top, in a session of the same name.
 */
export function isSameIdentity(stated: StatedIdentity, identity: Identity): boolean {
  if (stated.role !== identity.role) return false;
  if (stated.kind === "vouch") return identity.kind === "vouch" && stated.account === identity.account;
  if (identity.kind === "vouch" || stated.profile !== identity.profile) return false;
  if (stated.sessionName !== identity.sessionName) return false;
  const names = new Set([...Object.keys(stated.env), ...Object.keys(identity.env)]);
  return [...names].every((name) => stated.env[name] === identity.env[name]);
}

/** The safeguards of a context, for programs: the role, and `protected` if it is. */
export function safeguardsObject({ agentRole, isProtected }: Safeguards) {
  return {
    ...(agentRole === undefined ? {} : { agentRole }),
    ...(isProtected ? { protected: true } : {}),
  };
}

/** An identity in a few words: a role, a profile, or the caller's credentials, and the role assumed with them. */
export function describeIdentity(identity: StatedIdentity): string {
  const { kind, role } = identity;
  if (kind === "vouch") return role ?? "?";
  const { profile } = identity;
  const own = profile === undefined ? "the caller's AWS credentials" : `AWS profile ${profile}`;
  return role === undefined ? own : `${role} by ${own}`;
}
