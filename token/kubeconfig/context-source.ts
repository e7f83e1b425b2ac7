import { FILE_VARIABLES } from "../aws/file-variables.ts";

/** Where the credentials of a context come from: a Vouch session, an AWS profile, or the caller's own credentials. */
export type ContextSource = VouchSource | ProfileSource | AmbientSource;

export interface VouchSource extends Roles {
  readonly kind: "vouch";
  readonly role: string;
  /** Base URL of the Vouch server. */
  readonly server: string;
  /** The account to use if several users are logged in to one server. */
  readonly account: string | undefined;
}

export interface ProfileSource extends Roles, SourceVariables {
  readonly kind: "profile";
  readonly profile: string;
}

/** The AWS credentials of the caller's environment, as AWS's programs find them if no profile is named. */
export interface AmbientSource extends Roles, SourceVariables {
  readonly kind: "ambient";
}

/** The source as far as the arguments and variables of a context state it; one written by hand may leave parts to a profile. */
export type StatedSource =
  | (Omit<VouchSource, "role" | "server"> & {
      readonly role: string | undefined;
      readonly server: string | undefined;
    })
  | ProfileSource
  | AmbientSource;

interface Roles {
  /** ARN. Undefined: the identity of the profile or the caller itself. */
  readonly role: string | undefined;
  /** ARNs of the roles to pass through, first to last. */
  readonly via: readonly string[];
}

interface SourceVariables {
  /** The variables of the entry itself that determine whose credentials these are. May hold secrets. */
  readonly env: Readonly<Record<string, string>>;
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
export function credentialArgs(cluster: string, region: string, source: ContextSource): string[] {
  const place = [...named("--cluster-name", cluster), ...named("--region", region)];
  return ["credential", "eks", ...place, ...sourceArgs(source)];
}

function sourceArgs(source: ContextSource): string[] {
  const via = source.via.flatMap((arn) => named("--via", arn));
  const role = named("--role", source.role);
  if (source.kind === "vouch")
    return [...role, ...via, ...named("--server", source.server), ...named("--account", source.account)];
  return [
    ...(source.kind === "profile" ? named("--profile", source.profile) : ["--ambient"]),
    ...via,
    ...role,
  ];
}

/** A value that begins with a dash would be read as the next flag. */
function named(flag: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  return value.startsWith("-") ? [`${flag}=${value}`] : [flag, value];
}

/** The variables of an exec block that determine whose credentials these are. */
export function sourceVariables(
  env: Readonly<Record<string, string>>,
  kind: "profile" | "ambient",
): Readonly<Record<string, string>> {
  const names: readonly string[] = kind === "profile" ? FILE_VARIABLES : AMBIENT_VARIABLES;
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => names.includes(name) && value !== ""),
  );
}

/**
 * Whether two sources are the same identity, however it is reached: the same role for the same user of Vouch, or the same
 * profile in the same files with the same role on top.
 */
export function isSameSource(stated: StatedSource, source: ContextSource): boolean {
  if (stated.kind !== source.kind || stated.role !== source.role) return false;
  if (stated.kind === "vouch") return source.kind === "vouch" && stated.account === source.account;
  if (
    source.kind === "vouch" ||
    (stated.kind === "profile" && source.kind === "profile" && stated.profile !== source.profile)
  )
    return false;
  const names = new Set([...Object.keys(stated.env), ...Object.keys(source.env)]);
  return [...names].every((name) => stated.env[name] === source.env[name]);
}

/** A source in a few words: a role, a profile, or the caller's credentials, and the role assumed with them. */
export function describeSource(source: StatedSource): string {
  const { kind, role } = source;
  if (kind === "vouch") return role ?? "?";
  const own = kind === "profile" ? `AWS profile ${source.profile}` : "the caller's AWS credentials";
  return role === undefined ? own : `${role} by ${own}`;
}
