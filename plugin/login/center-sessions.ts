import { canRefresh } from "../../token/aws/identity-center/access-token.ts";
import { placeName } from "../../token/aws/identity-center/session-errors.ts";
import { readSsoToken, ssoFile } from "../../token/aws/identity-center/sso-token.ts";
import type { SsoPlan } from "../../token/aws/sources/plan-kinds.ts";
import { readAwsFiles } from "../../token/aws/sources/read-plan.ts";
import { planOf } from "../../token/aws/sources/source-plan.ts";
import { readTokenFile } from "../../token/aws/token-file.ts";
import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { shown } from "../../token/text/printable.ts";
import type { App } from "../app.ts";
import type { BodyOf } from "../kinds/kinds.ts";
import { endObject, shortList } from "../terminal/output.ts";
import { roleRegion } from "../vouch/role-choice.ts";
import type { Desk } from "../vouch/workplace.ts";
import { type FirstPlan, firstPlan } from "./first-source.ts";
import { serves, stateOf, type TokenState } from "./session-state.ts";

/** A place to log in at Identity Center, and the session there, as far as its file tells. */
export interface CenterStatus {
  readonly plan: SsoPlan;
  /** AWS profiles that use it. */
  readonly profiles: readonly string[];
  /** The first of them that a context needs; undefined if none is needed. */
  readonly needed: string | undefined;
  /** Undefined: nobody is logged in. */
  readonly token: TokenState | undefined;
}

/**
 * The sessions that somebody has begun for any AWS profile, and those that contexts need. Nobody is asked. Throws
 * `file-unreadable`.
 */
export async function centerSessions(desk: Desk, needed: readonly FirstPlan[]): Promise<CenterStatus[]> {
  const places = centersOf([...profilesOf(desk), ...needed.map((source) => ({ ...source, isNeeded: true }))]);
  const found = await Promise.all([...places.values()].map((place) => foundAt(desk.app, place)));
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

async function foundAt(app: App, center: Center): Promise<CenterStatus> {
  const { content } = await readTokenFile(ssoFile(center.plan.tokenFile, app.homeDir), app);
  const token = readSsoToken(content);
  if (token === undefined) return { ...center, token };
  return { ...center, token: { expires: token.expires, isRefreshable: canRefresh(token, app.clock()) } };
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
