import { canRefresh } from "../../token/aws/identity-center/access-token.ts";
import { placeName } from "../../token/aws/identity-center/session-errors.ts";
import { readSsoToken, ssoFile } from "../../token/aws/identity-center/sso-token.ts";
import { loginFilePath, readLoginToken } from "../../token/aws/sources/open/login-file.ts";
import type { CredentialsPlan, LoginPlan, SsoPlan } from "../../token/aws/sources/plan-kinds.ts";
import { readAwsFiles } from "../../token/aws/sources/read-plan.ts";
import { planOf } from "../../token/aws/sources/source-plan.ts";
import { readTokenFile } from "../../token/aws/token-file.ts";
import { ours, run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { debug } from "../../token/debug.ts";
import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import { shown } from "../../token/text/printable.ts";
import { shortList } from "../../token/text/short-list.ts";
import { clockTime } from "../../token/text/time.ts";
import type { App } from "../app.ts";
import { ANY_REGION, contextPlan, profileOfSource } from "../aws/context-plan.ts";
import type { BodyOf } from "../kinds/kinds.ts";
import { duration, endObject } from "../terminal/output.ts";
import { roleRegion } from "../vouch/role-choice.ts";
import type { VouchContext } from "../vouch/vouch-contexts.ts";
import type { Desk } from "../workplace/workplace.ts";
import { firstOf, namedBy } from "./profile-target.ts";

/** Who is logged in for AWS profiles, as far as the files tell. */
export interface AwsSessions {
  readonly centers: readonly CenterStatus[];
  readonly logins: readonly AwsLogin[];
  /** Why the AWS profiles, or the files of their logins, could not be read. */
  readonly problem: string | undefined;
}

/** The sessions of any AWS profile, and those that contexts need. Does not prompt. */
export async function awsSessions(desk: Desk, needed: readonly FirstPlan[]): Promise<AwsSessions> {
  try {
    const centers = await centerSessions(desk, needed);
    return { centers, logins: await awsLogins(desk.app, needed), problem: undefined };
  } catch (error) {
    if (!(error instanceof VouchError) || error.code === "interrupted") throw error;
    return { centers: [], logins: [], problem: reasonOf(error) };
  }
}

/** A login of `aws login` that a context needs, as far as its file tells. */
interface AwsLogin {
  readonly plan: LoginPlan;
  /** AWS profile that names it. */
  readonly profile: string;
  /** Its keys. Undefined: no user is logged in. */
  readonly token: TokenState | undefined;
}

/**
 * The longest lifetime of a login, in milliseconds; its file does not tell when it began. Source: doctor/AWS-CREDENTIALS.md,
 * "Logins".
 */
const LONGEST_MS = 12 * 60 * 60 * 1000;

/** The logins that contexts need, each once. Does not prompt. Throws `file-unreadable`. */
async function awsLogins(app: App, needed: readonly FirstPlan[]): Promise<AwsLogin[]> {
  const logins = new Map<string, Omit<AwsLogin, "token">>();
  for (const { plan, profile } of needed) {
    if (plan.kind === "login" && !logins.has(plan.tokenFile))
      logins.set(plan.tokenFile, { plan, profile: namedBy(plan, profile) });
  }
  return Promise.all(
    [...logins.values()].map(async (login) => ({ ...login, token: await kept(app, login) })),
  );
}

/** The file with the session or login that a profile begins with; undefined if it has none. */
export function sessionFile(app: App, plan: FirstPlan["plan"]): string | undefined {
  if (plan.kind === "sso") return ssoFile(plan.tokenFile, app.homeDir);
  return plan.kind === "login" ? loginFilePath(plan, app) : undefined;
}

/** The session or login that a profile begins with, as far as its file tells. Does not prompt. */
export async function sessionOf(app: App, plan: FirstPlan["plan"]): Promise<TokenState | undefined> {
  if (plan.kind === "login") return kept(app, { plan });
  return plan.kind === "sso" ? tokenOf(app, plan) : undefined;
}

async function kept(app: App, { plan }: Pick<AwsLogin, "plan">): Promise<TokenState | undefined> {
  const { content } = await readTokenFile(loginFilePath(plan, app), app);
  const token = content === undefined || content === "torn" ? undefined : readLoginToken(content);
  if (token === undefined || typeof token === "string") return undefined;
  return { expires: token.expires, isRefreshable: token.expires + LONGEST_MS > app.clock() };
}

/** `aws login as arn:…: until 20:03, 9 min left, then refreshed (profile dev)` */
export function awsLoginLine(app: App, { plan, profile, token }: AwsLogin): string {
  const login = withCommands`run ${run("aws", "login", { profile })}`;
  const state = stateOf(token, app.clock(), login);
  return `${shown(`aws login as ${plan.session}: `)}${state} ${shown(`(profile ${profile})`)}`;
}

/** For programs. */
export function awsLoginObject(
  app: App,
  { plan, profile, token }: AwsLogin,
): BodyOf<"Status">["awsLogins"][number] {
  const now = app.clock();
  return {
    session: plan.session,
    authenticated: serves(token, now),
    ...(token === undefined ? {} : endObject(token.expires, now)),
    profile,
  };
}

/** A place to log in at Identity Center, and the session there, as far as its file tells. */
interface CenterStatus {
  readonly plan: SsoPlan;
  /** AWS profiles that use it. */
  readonly profiles: readonly string[];
  /** The first of them that a context needs; undefined if none is needed. */
  readonly needed: string | undefined;
  /** Undefined: no user is logged in. */
  readonly token: TokenState | undefined;
}

/**
 * The sessions that a user has started for any AWS profile, and those that contexts need. Does not prompt. Throws
 * `file-unreadable`.
 */
async function centerSessions(desk: Desk, needed: readonly FirstPlan[]): Promise<CenterStatus[]> {
  const places = centersOf([...profilesOf(desk), ...needed.map((source) => ({ ...source, isNeeded: true }))]);
  const found = await Promise.all(
    [...places.values()].map(async (place) => ({ ...place, token: await tokenOf(desk.app, place.plan) })),
  );
  return found.filter((session) => session.token !== undefined || session.needed !== undefined);
}

interface Wanted extends FirstPlan {
  readonly isNeeded: boolean;
}

/** The profiles in the AWS files. */
function profilesOf(desk: Desk): Wanted[] {
  const { files } = readAwsFiles(desk.aws);
  const region = roleRegion(desk);
  return [...files.profiles.keys()].flatMap((profile) => {
    const source = firstPlan(profile, () => planOf({ profile, region }, files, desk.aws.env));
    return source instanceof VouchError ? [] : [{ ...source, isNeeded: false }];
  });
}

/** The AWS profiles that log in at Identity Center, in the order of the files; none if those cannot be read. */
export function loginProfiles(desk: Desk): string[] {
  try {
    return profilesOf(desk).flatMap(({ profile, plan }) => (plan.kind === "sso" ? [profile] : []));
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    return [];
  }
}

type Center = Omit<CenterStatus, "token">;

/** By the name of the token's file. */
function centersOf(sources: readonly Wanted[]): Map<string, Center> {
  const centers = new Map<string, Center>();
  for (const { profile, plan, isNeeded } of sources) {
    if (plan.kind !== "sso") continue;
    const { profiles, needed } = centers.get(plan.tokenFile) ?? { profiles: [], needed: undefined };
    centers.set(plan.tokenFile, {
      plan,
      profiles: [...new Set([...profiles, profile])],
      needed: needed ?? (isNeeded ? profile : undefined),
    });
  }
  return centers;
}

async function tokenOf(app: App, { tokenFile }: SsoPlan): Promise<TokenState | undefined> {
  const { content } = await readTokenFile(ssoFile(tokenFile, app.homeDir), app);
  const token = readSsoToken(content);
  return token && { expires: token.expires, isRefreshable: canRefresh(token, app.clock()) };
}

/** `IAM Identity Center (sso-session lab): until 20:03, 59 min left (profiles admin, dev)` */
export function centerSessionLine(app: App, { plan, profiles, needed, token }: CenterStatus): string {
  const names = `(profile${profiles.length === 1 ? "" : "s"} ${shortList(profiles)})`;
  const login = withCommands`run ${ours("login", { profile: needed ?? profiles[0] })}`;
  return `${shown(`${placeName(plan)}: `)}${stateOf(token, app.clock(), login)} ${shown(names)}`;
}

/** For programs. */
export function centerSessionObject(
  app: App,
  { plan, profiles, needed, token }: CenterStatus,
): BodyOf<"Status">["identityCenterSessions"][number] {
  return {
    ...centerPlace(plan),
    authenticated: serves(token, app.clock()),
    needed: needed !== undefined,
    ...(token === undefined ? {} : endObject(token.expires, app.clock())),
    refreshable: token?.isRefreshable === true,
    profiles: [...profiles].sort(),
  };
}

/** Where a profile logs in, for programs. */
export function centerPlace({ session, startUrl, region }: SsoPlan) {
  return { ...(session === undefined ? {} : { session }), startUrl, region };
}

/** The first source of an AWS profile's credentials. */
export interface FirstPlan {
  readonly profile: string;
  readonly plan: ReturnType<typeof firstOf>;
}

/** The first source of a context's credentials; neither for a context of Vouch, which reads no AWS files. */
export interface ContextStart {
  readonly first: FirstPlan | undefined;
  /** Why its AWS profile, or its caller, gives no credentials, as far as AWS's files tell. */
  readonly problem: VouchError | undefined;
}

export function contextStart({ aws }: Desk, { name, stanza: { source } }: VouchContext): ContextStart {
  if (source.kind === "vouch") return { first: undefined, problem: undefined };
  const first = firstPlan(profileOfSource(source, aws.env), () =>
    contextPlan(source, ANY_REGION, aws, `context ${name}`),
  );
  return first instanceof VouchError ? { first: undefined, problem: first } : { first, problem: undefined };
}

/** The first source of a profile, or the error, returned so that it does not hide the other profiles. */
export function firstPlan(profile: string, planOf: () => CredentialsPlan): FirstPlan | VouchError {
  try {
    return { profile, plan: firstOf(planOf()) };
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    debug(`ignoring AWS profile ${profile}: ${error.message}`);
    return error;
  }
}

/** What a file says about the token of a login. */
interface TokenState {
  /** When it ends, or ended, in milliseconds since 1970. */
  readonly expires: number;
  /** Whether it can be refreshed then, as far as is known. */
  readonly isRefreshable: boolean;
}

/** Whether no login is needed, as far as is known: an expired token may be refreshed when it is used. */
export function serves(token: TokenState | undefined, now: number): boolean {
  return token !== undefined && (token.expires > now || token.isRefreshable);
}

/** `until 20:03, 59 min left, then refreshed`; `login` says what to run. */
function stateOf(token: TokenState | undefined, now: number, login: string): string {
  if (token === undefined) return `not logged in; ${login}`;
  const { expires, isRefreshable } = token;
  const time = clockTime(expires, now);
  if (expires > now)
    return `until ${time}, ${duration(expires - now)} left${isRefreshable ? ", then refreshed" : ""}`;
  return `ended at ${time}; ${isRefreshable ? "it is refreshed on the next use, or " : ""}${login}`;
}
