import type { BearerAccess } from "../../token/aws/bearer-call.ts";
import { type SsoAccessToken, tokenLivingFor } from "../../token/aws/identity-center/access-token.ts";
import { ssoRoleCredentials } from "../../token/aws/identity-center/portal-calls.ts";
import { placeName } from "../../token/aws/identity-center/session-errors.ts";
import { beginBrowserLogin, beginDeviceLogin, type SignIn } from "../../token/aws/identity-center/sign-in.ts";
import type { NewToken } from "../../token/aws/identity-center/sso-token.ts";
import type { SsoPlace, SsoPlan } from "../../token/aws/sources/plan-kinds.ts";
import { sts } from "../../token/aws/sts.ts";
import type { Run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { debug } from "../../token/debug.ts";
import { type ErrorCode, VouchError } from "../../token/errors/errors.ts";
import { serverText } from "../../token/net/server-text.ts";
import type { App } from "../app.ts";
import { awaitApproval, withProgress } from "../terminal/progress.ts";
import { showAddress } from "../terminal/qr-code.ts";
import type { ColorChoice } from "../terminal/style.ts";
import { untilWhen } from "./told-session.ts";

/** How a user logs in to Identity Center. */
interface CenterLogin<Place extends SsoPlace> extends SignIn {
  readonly plan: Place;
  readonly byDeviceCode: boolean;
  /** The same login, by a device code. */
  readonly otherWay: Run;
  readonly color: ColorChoice;
}

/** A session that exists now. */
export interface CenterSession extends Pick<SsoAccessToken, "expires" | "isRefreshable"> {
  /** Who logged in just now, in AWS's words; undefined if that is not known. */
  readonly person?: string | undefined;
}

/** A session, and whether it was begun just now. */
export interface CenterPart<Place extends SsoPlace = SsoPlan> {
  readonly isNew: boolean;
  readonly plan: Place;
  readonly session: CenterSession;
}

/** `Logged in to IAM Identity Center (sso-session lab) as ada until 20:03 (59 min); then …` */
export function centerLine(app: App, { isNew, plan, session }: CenterPart<SsoPlace>): string {
  const { expires, isRefreshable, person } = session;
  const then = isRefreshable ? "; then the token is refreshed until AWS ends the session" : "";
  return `${isNew ? "Logged" : "Already logged"} in to ${placeName(plan)}${person === undefined ? "" : ` as ${person}`} until ${untilWhen(app, expires)}${then}.`;
}

/** Logs in with a user at a browser, and finds out who that was. The session is stored where AWS's tools look for it. */
export async function logInAtCenter(
  app: App,
  login: CenterLogin<SsoPlan>,
  access: BearerAccess,
): Promise<CenterSession> {
  const { accessToken, ...session } = await signInAtCenter(app, login, access);
  const person = await withProgress(app, "Getting your identity from AWS…", () =>
    personOf(login.plan, accessToken, access),
  );
  return { ...session, person };
}

/** Logs in where no role is known yet. */
export async function signInAtCenter(
  app: App,
  login: CenterLogin<SsoPlace>,
  access: BearerAccess,
): Promise<CenterSession & Pick<SsoAccessToken, "accessToken">> {
  app.io.err(`Logging in to ${placeName(login.plan)}\n`);
  const way = login.byDeviceCode ? byDeviceCode : byBrowser;
  const { accessToken, expires, refreshToken } = await way(app, login, access);
  return { accessToken, expires, isRefreshable: refreshToken !== undefined };
}

/** Throws `usage` for a `--callback-port` that cannot be one, or that is not used. */
export function requireCallbackPort(port: number | undefined, byDeviceCode: boolean): void {
  if (port === undefined) return;
  if (byDeviceCode)
    throw new VouchError(
      "usage",
      "--callback-port and --device-code cannot be combined: with a device code, the browser does not call back.",
    );
  if (Number.isInteger(port) && port > 0 && port < 65_536) return;
  throw new VouchError("usage", "--callback-port must be a number from 1 to 65535.");
}

/**
 * Whose the session is: the name that Identity Center gives to sessions of its roles. Whoever finished the login in a browser need
 * not be the one who began it. Undefined if AWS does not say.
 */
export async function personOf(
  plan: SsoPlan,
  accessToken: string,
  access: BearerAccess,
): Promise<string | undefined> {
  try {
    const credentials = await ssoRoleCredentials(plan, accessToken, access);
    const { arn } = await sts(plan.region, access).callerIdentity(credentials);
    return serverText(arn.split("/").at(-1));
  } catch (error) {
    if (!(error instanceof VouchError) || error.code === "interrupted") throw error;
    debug(`cannot tell who logged in: ${error.message}`);
    return undefined;
  }
}

async function byBrowser(
  app: App,
  { plan, otherWay, ...wish }: CenterLogin<SsoPlace>,
  access: BearerAccess,
): Promise<NewToken> {
  const login = await beginBrowserLogin(plan, wish, access);
  const { callbackPort: port } = wish;
  try {
    const isOpen = await app.openBrowser(login.address);
    if (isOpen) app.io.err("Opened your browser: sign in there and approve the login.\n");
    else {
      const where =
        port === undefined
          ? ""
          : `, or on one that forwards its port ${port} to this machine's 127.0.0.1:${port},`;
      app.io.err(
        `Open this address in a browser on this machine${where} and approve the login:\n${login.address}\n`,
      );
      if (port === undefined) app.io.err(`${withCommands`No browser here? ${otherWay}`}\n`);
    }
    return await awaitApproval(app, login.expires, () => login.complete());
  } finally {
    await login.close();
  }
}

/** Always shows the code: the person who approves it compares it. */
async function byDeviceCode(
  app: App,
  { plan, color, ...wish }: CenterLogin<SsoPlace>,
  access: BearerAccess,
): Promise<NewToken> {
  const { pending, complete } = await beginDeviceLogin(plan, wish, access);
  const { userCode, verificationUri, verificationUriComplete = verificationUri } = pending;
  await showAddress(app, verificationUriComplete, color);
  app.io.err(
    `Sign in there and approve the code ${userCode}. Never approve a code that someone else sent you.\n`,
  );
  return awaitApproval(app, pending.expires, complete);
}

/** Errors that mean a login is needed. */
const OVER: readonly ErrorCode[] = ["sso-logged-out", "sso-session-expired"];

/**
 * The session that makes a login unnecessary: its token is good, or could be refreshed, and the portal knows it. If the portal
 * cannot be asked, nobody could log in either.
 */
export async function centerToKeep(
  app: App,
  plan: SsoPlan,
  access: BearerAccess,
): Promise<CenterSession | undefined> {
  return withProgress(app, `Asking ${placeName(plan)}…`, async () => {
    const token = await usableToken(plan, access);
    if (token === undefined) return undefined;
    const isKnown = await unlessOver(
      ssoRoleCredentials(plan, token.accessToken, access).then(() => true, stillKnown),
    );
    return isKnown === undefined ? undefined : token;
  });
}

/** The token of a session, which the portal may no longer know; undefined if the user must log in. */
export async function usableToken(
  place: SsoPlace,
  access: BearerAccess,
): Promise<SsoAccessToken | undefined> {
  return unlessOver(tokenLivingFor(place, USED_UP_MS, access));
}

/** A token with less time left than this, in milliseconds, is as good as none. */
const USED_UP_MS = 5 * 60 * 1000;

/** A role that is not assigned, or a portal that does not answer, says nothing about the session. */
function stillKnown(error: unknown): true {
  if (error instanceof VouchError && !OVER.includes(error.code) && error.code !== "interrupted") return true;
  throw error;
}

/** A token that can be refreshed need not live longer than this, in milliseconds, whatever a script wants. */
const ENOUGH_MS = 30 * 60 * 1000;

/**
 * The session that makes a login of a script unnecessary, found without unnecessary calls: its token lives that long, or half an
 * hour if it can be refreshed, or it is refreshed now. AWS does not tell how long a session can be refreshed.
 */
export async function centerInTime(
  plan: SsoPlan,
  neededMs: number,
  access: BearerAccess,
): Promise<CenterSession | undefined> {
  const before = await unlessOver(tokenLivingFor(plan, 0, access));
  if (before === undefined) return undefined;
  const leftMs = before.expires - access.clock();
  if (leftMs >= neededMs || (before.isRefreshable && leftMs >= ENOUGH_MS)) return before;
  const after = await unlessOver(tokenLivingFor(plan, neededMs, access));
  return after !== undefined && after.accessToken !== before.accessToken ? after : undefined;
}

/** Undefined where the user must log in. */
export async function unlessOver<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof VouchError && OVER.includes(error.code)) return undefined;
    throw error;
  }
}
