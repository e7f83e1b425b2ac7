import { loginFilePath, readLoginToken } from "../../token/aws/sources/open/login-file.ts";
import type { LoginPlan } from "../../token/aws/sources/plan-kinds.ts";
import { readTokenFile } from "../../token/aws/token-file.ts";
import { run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { shown } from "../../token/text/printable.ts";
import type { App } from "../app.ts";
import type { BodyOf } from "../kinds/kinds.ts";
import { endObject } from "../terminal/output.ts";
import type { FirstPlan } from "./first-source.ts";
import { namedBy } from "./profile-target.ts";
import { serves, stateOf, type TokenState } from "./session-state.ts";

/** A login of `aws login` that a context needs, as far as its file tells. */
export interface AwsLogin {
  readonly plan: LoginPlan;
  /** AWS profile that names it. */
  readonly profile: string;
  /** Its keys. Undefined: nobody is logged in. */
  readonly token: TokenState | undefined;
}

/**
 * The longest that a login lives, in milliseconds; its file does not tell when it began. Source: doctor/AWS-CREDENTIALS.md,
 * "Logins".
 */
const LONGEST_MS = 12 * 60 * 60 * 1000;

/** The logins that contexts need, each once. Nobody is asked. Throws `file-unreadable`. */
export async function awsLogins(app: App, needed: readonly FirstPlan[]): Promise<AwsLogin[]> {
  const logins = new Map<string, Omit<AwsLogin, "token">>();
  for (const { plan, profile } of needed) {
    if (plan.kind === "login" && !logins.has(plan.tokenFile))
      logins.set(plan.tokenFile, { plan, profile: namedBy(plan, profile) });
  }
  return Promise.all(
    [...logins.values()].map(async (login) => ({ ...login, token: await kept(app, login) })),
  );
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
