import type { CurrentSession } from "./current.ts";
import { fnv64 } from "./fnv.ts";
import { partitionOfRegion } from "./partition.ts";
import type { SourceTokenQuestion, TokenQuestion } from "./question.ts";
import { VERSION } from "./version.ts";

/** Who asks: known once the session is found. */
export interface Asker {
  readonly session: CurrentSession;
  /** The AI agent that asks, or undefined for a person. */
  readonly agent: string | undefined;
}

/** All that changes the answer to a question for a token. */
export interface TokenKeyParts extends TokenQuestion, Asker {
  /** The host that is signed: region, partition, FIPS and dual-stack show in it. */
  readonly stsHost: string;
}

/** The same of a question by an AWS profile or the environment, beside the variables and the files that say what they are. */
export interface SourceKeyParts extends SourceTokenQuestion, Pick<TokenKeyParts, "agent" | "stsHost"> {}

/** The value of a variable; undefined for one that is empty, too. */
type Variable = (name: string) => string | undefined;

/**
 * The key of a cached token, as text. The only place it is built: the hot path and the full program must agree.
 * It is kept whole in the cache file and compared whole, so the file's short name may collide without harm.
 */
export function tokenKey(asked: TokenKeyParts): string {
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
    asked.agent ?? null,
  ]);
}

/** Second in the key of a token by an AWS profile or the environment, where others have the server. */
export const SOURCE_MARK = "aws";

/** The key of a token by an AWS profile or the environment. What the files say is no part of it: its witnesses tell. */
export function sourceTokenKey(asked: SourceKeyParts, variable: Variable): string {
  const { profile, role, via, region, cluster, stsHost, agent = null } = asked;
  const { id: partition } = partitionOfRegion(region);
  return JSON.stringify([
    VERSION,
    SOURCE_MARK,
    ...[profile, role, via, region, cluster, partition, stsHost, agent],
    ...[...HOMES, ...filesOf(asked)].map((name) => variable(name)),
    ...(profile === null ? ambientParts(variable) : []),
  ]);
}

/** Where a person's files are. */
const HOMES = ["HOME", "USERPROFILE"];

/** Variables that name files which say who somebody is. */
function filesOf({ profile }: Pick<SourceTokenQuestion, "profile">): string[] {
  const names = ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_LOGIN_CACHE_DIRECTORY"];
  return profile === null
    ? [...names, "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]
    : names;
}

/** What else says who a caller's environment is. An access key has one secret. */
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
  // A secret, of which a hash is enough to tell it from another.
  const token = fnv64(variable("AWS_CONTAINER_AUTHORIZATION_TOKEN") ?? "");
  return [...names.map((name) => variable(name)), token];
}

/** Whether a variable names a file by the working directory, which no key has: such a call is never a warm one. */
export function dependsOnDirectory(
  asked: Pick<SourceTokenQuestion, "profile">,
  variable: Variable,
  isWindows: boolean,
): boolean {
  return filesOf(asked).some((name) => {
    const file = variable(name);
    return file !== undefined && !isAbsolute(file, isWindows);
  });
}

/** What begins with `~` counts as relative: not every tool reads it. */
function isAbsolute(file: string, isWindows: boolean): boolean {
  if (!isWindows) return file.startsWith("/");
  return file.startsWith("\\\\") || [":\\", ":/"].includes(file.slice(1, 3));
}

/** The key of a question as it was put, whoever is logged in: what a burst of failures is recognized by. */
export function questionKey(question: object, agent: string | undefined): string {
  return JSON.stringify([VERSION, "question", question, agent ?? null]);
}
