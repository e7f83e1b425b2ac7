import type { CurrentSession } from "./current.ts";
import { fnv64 } from "./fnv.ts";
import { partitionOfRegion } from "./partition.ts";
import type { AwsQuestion, VouchQuestion } from "./question.ts";
import { VERSION } from "./version.ts";

/** Who is asking: known once the session has been found. */
export interface Asker {
  readonly session: CurrentSession;
  /** The AI agent that is asking, or undefined for a user. */
  readonly agent: string | undefined;
}

/** Everything that affects the answer to a request for a token. */
export interface VouchKeyParts extends VouchQuestion, Asker {
  /** The host that is signed; it reflects region, partition, FIPS and dual-stack. */
  readonly stsHost: string;
}

/**
 * The key of a request by an AWS profile or the environment, without the variables and files that determine their credentials.
 */
export interface AwsKeyParts extends AwsQuestion, Pick<VouchKeyParts, "agent" | "stsHost"> {}

/** The value of a variable; undefined also for an empty one. */
type Variable = (name: string) => string | undefined;

/**
 * The key of a cached token, as text. Built only here, since the hot path and the full program must agree. It is kept and
 * compared in full in the cache file, so collisions of the file's short name do no harm. In a list, JSON writes undefined as null.
 */
export function tokenKey(asked: VouchKeyParts): string {
  const { session } = asked;
  return JSON.stringify([
    VERSION,
    asked.server,
    session.identity,
    session.id,
    asked.role,
    asked.via,
    session.sessionName,
    asked.region,
    asked.cluster,
    partitionOfRegion(asked.region).id,
    asked.stsHost,
    asked.agent,
    asked.clusterId,
  ]);
}

/** Second element of the key of a token by an AWS profile or the environment, in place of the server. */
export const SOURCE_MARK = "aws";

/**
 * The key of a token by an AWS profile or the environment. The contents of the files are no part of it: its witnesses cover them.
 */
export function sourceTokenKey(asked: AwsKeyParts, variable: Variable): string {
  const { profile, role, via, region, cluster, stsHost, agent, clusterId, sessionName } = asked;
  const { id: partition } = partitionOfRegion(region);
  return JSON.stringify([
    VERSION,
    SOURCE_MARK,
    ...[profile, role, via, region, cluster, partition, stsHost, agent, clusterId, sessionName],
    ...[...HOMES, ...filesOf(asked)].map((name) => variable(name)),
    ...(profile === undefined ? ambientParts(variable) : []),
  ]);
}

/** Variables for the home directory. */
const HOMES = ["HOME", "USERPROFILE"];

/** Variables with the names of files that determine whose credentials these are. */
function filesOf({ profile }: Pick<AwsQuestion, "profile">): string[] {
  const names = ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_LOGIN_CACHE_DIRECTORY"];
  return profile === undefined
    ? [...names, "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]
    : names;
}

/** The other variables that determine whose credentials the environment has. An access key has one secret. */
function ambientParts(variable: Variable): (string | undefined)[] {
  const names = [
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  ];
  // A secret; a hash is enough to distinguish it from another.
  const token = fnv64(variable("AWS_CONTAINER_AUTHORIZATION_TOKEN") ?? "");
  return [...names.map((name) => variable(name)), token];
}

/** The key of what a shell's prompt shows: everything but files that decides whose session that is. */
export function promptKey(variable: Variable): string {
  const names = [...HOMES, ...filesOf({ profile: undefined }), "KUBECONFIG"];
  const parts = [...names.map((name) => variable(name)), ...ambientParts(variable)];
  return JSON.stringify([VERSION, "prompt", ...parts]);
}

/** Whether a variable names a file relative to the working directory, which is in no key; such a call is never answered warm. */
export function dependsOnDirectory(
  asked: Pick<AwsQuestion, "profile">,
  variable: Variable,
  isWindows: boolean,
): boolean {
  return filesOf(asked).some((name) => {
    const file = variable(name);
    return file !== undefined && !isAbsolute(file, isWindows);
  });
}

/** A path that begins with `~` counts as relative: not every tool expands it. */
function isAbsolute(file: string, isWindows: boolean): boolean {
  if (!isWindows) return file.startsWith("/");
  return file.startsWith("\\\\") || [":\\", ":/"].includes(file.slice(1, 3));
}

/** The key of a question as asked, whoever is logged in; a burst of failures is recognized by it. */
export function questionKey(question: object, agent: string | undefined): string {
  return JSON.stringify([VERSION, "question", question, agent]);
}
