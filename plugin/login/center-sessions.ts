import { canRefresh } from "../../token/aws/identity-center/access-token.ts";
import { placeName } from "../../token/aws/identity-center/session-errors.ts";
import { readSsoToken, ssoFile } from "../../token/aws/identity-center/sso-token.ts";
import type { SsoPlan } from "../../token/aws/sources/plan-kinds.ts";
import type { SharedFiles } from "../../token/aws/sources/shared-files.ts";
import { planOf } from "../../token/aws/sources/source-plan.ts";
import { readTokenFile } from "../../token/aws/token-files/token-file.ts";
import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { debug } from "../../token/debug.ts";
import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import { clockTime } from "../../token/text/local-time.ts";
import { shown } from "../../token/text/printable.ts";
import type { App } from "../app.ts";
import { sharedFilesOf } from "../aws/source-plan.ts";
import type { BodyOf } from "../kinds/kinds.ts";
import { duration, shortList, timestamp } from "../terminal/output.ts";
import { roleRegion } from "../vouch/role-choice.ts";
import { firstOf } from "./profile-target.ts";

/** A session at Identity Center, as far as its file tells. */
export interface CenterSessionFound {
  readonly plan: SsoPlan;
  /** AWS profiles that go by it. */
  readonly profiles: readonly string[];
  /** When its token ends, or ended, in milliseconds since 1970. */
  readonly expires: number;
  readonly isRefreshable: boolean;
}

export interface CenterSessions {
  readonly sessions: readonly CenterSessionFound[];
  /** Why the AWS profiles could not be read. */
  readonly problem: string | undefined;
}

/** The sessions that somebody has begun for any AWS profile. Nobody is asked. */
export async function centerSessions(app: App): Promise<CenterSessions> {
  try {
    const places = centersOf(app, sharedFilesOf(app));
    const found = await Promise.all([...places.values()].map((place) => foundAt(app, place)));
    return { sessions: found.filter((session) => session !== undefined), problem: undefined };
  } catch (error) {
    if (!(error instanceof VouchError) || error.code === "interrupted") throw error;
    return { sessions: [], problem: reasonOf(error) };
  }
}

interface Center {
  readonly plan: SsoPlan;
  readonly profiles: string[];
}

/** By the name of the token's file. A profile that is no source does not hide the others. */
function centersOf(app: App, files: SharedFiles): Map<string, Center> {
  const centers = new Map<string, Center>();
  for (const profile of files.profiles.keys()) {
    try {
      const plan = firstOf(planOf({ profile, region: roleRegion(app) }, files, app.env));
      if (plan.kind !== "sso") continue;
      const center = centers.get(plan.tokenFile) ?? { plan, profiles: [] };
      center.profiles.push(profile);
      centers.set(plan.tokenFile, center);
    } catch (error) {
      debug(`AWS profile ${profile} was left out: ${reasonOf(error)}`);
    }
  }
  return centers;
}

async function foundAt(app: App, { plan, profiles }: Center): Promise<CenterSessionFound | undefined> {
  const { content } = await readTokenFile(ssoFile(plan.tokenFile, app.homeDir), app);
  const token = readSsoToken(content);
  if (token === undefined) return undefined;
  return { plan, profiles, expires: token.expires, isRefreshable: canRefresh(token, app.clock()) };
}

/** Whether somebody is logged in there, as far as is known. */
export function isLive({ expires, isRefreshable }: CenterSessionFound, now: number): boolean {
  return expires > now || isRefreshable;
}

/** `IAM Identity Center (sso-session lab): until 20:03, 59 min left (profiles admin, dev)` */
export function centerSessionLine(app: App, session: CenterSessionFound): string {
  const { plan, profiles, expires, isRefreshable } = session;
  const now = app.clock();
  const names = `(profile${profiles.length === 1 ? "" : "s"} ${shortList(profiles)})`;
  const time = clockTime(expires, now);
  const [profile = ""] = profiles;
  const rest = isRefreshable ? ", then refreshed" : "";
  const state =
    expires > now
      ? `until ${time}, ${duration(expires - now)} left${rest}`
      : isRefreshable
        ? `ended at ${time}, is refreshed when it is used`
        : `ended at ${time}; run ${withCommands`${ours("login", { profile })}`}`;
  return `${shown(`${placeName(plan)}: `)}${state} ${shown(names)}`;
}

/** For programs. */
export function centerSessionObject(
  app: App,
  { plan, profiles, expires, isRefreshable }: CenterSessionFound,
): BodyOf<"Status">["identityCenterSessions"][number] {
  return {
    ...centerPlace(plan),
    expiresAt: timestamp(expires),
    expiresInSeconds: Math.max(0, Math.floor((expires - app.clock()) / 1000)),
    refreshable: isRefreshable,
    profiles: [...profiles].sort(),
  };
}

/** Where a profile logs in, for programs. */
export function centerPlace({ session, startUrl, region }: SsoPlan) {
  return { ...(session === undefined ? {} : { session }), startUrl, region };
}
