import { ours } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { debug } from "../../../token/debug.ts";
import { isSameEndpoints } from "../../../token/endpoints/endpoints.ts";
import { reasonOf, VouchError, withHints } from "../../../token/errors/errors.ts";
import { type CurrentSession, findSession, unnamedAccount } from "../../../token/hot/current.ts";
import type { KeyStoreKind } from "../../../token/hot/key-store-kind.ts";
import { keyStoreSetting } from "../../../token/settings/settings.ts";
import { shown } from "../../../token/text/printable.ts";
import { profileMeant } from "../../aws/choose-identity.ts";
import type { BodyOf } from "../../kinds/kinds.ts";
import { loginProfiles } from "../../login/aws-sessions.ts";
import { type LoginRequest, performLogin } from "../../login/perform-login.ts";
import { sessionObject, settledLines, untilWhen } from "../../login/told-session.ts";
import { printObject } from "../../terminal/output.ts";
import type { OutputChoice } from "../../terminal/output-choice.ts";
import { withProgress } from "../../terminal/progress.ts";
import { openSession } from "../../vouch/vouch-access.ts";
import { applySettings } from "../../workplace/cache.ts";
import { chosenServer, Desk, endpointsNamedNow, serverOrigin } from "../../workplace/workplace.ts";
import { KEY_TIMEOUT_SECONDS, timeoutOf } from "../options.ts";

export interface LoginOptions {
  readonly server: string | undefined;
  readonly account: string | undefined;
  /** From `--timeout`; undefined: the default. */
  readonly timeout: number | undefined;
  readonly pinStdin: boolean;
  readonly keyStore: KeyStoreKind | undefined;
  /** Log in again, even if already logged in. */
  readonly force: boolean;
  /** Do nothing if the session is valid for at least this long: `1h`. */
  readonly ifNeeded: string | undefined;
  readonly output: OutputChoice;
}

export async function runLogin(options: LoginOptions, desk: Desk): Promise<void> {
  const timeoutMs = timeoutOf("login", options.timeout ?? KEY_TIMEOUT_SECONDS);
  if (options.force && options.ifNeeded !== undefined)
    throw new VouchError("usage", "--force and --if-needed cannot be combined.");
  const { app, workplace } = desk;
  const server = chosenServer(desk, options.server);
  const keyStore = keyStoreSetting({ ...workplace, flag: options.keyStore, env: app.env }).value;

  const endpoints = endpointsNamedNow(desk);
  const account = options.account ?? workplace.config.account;

  const named = { server: options.server, account: options.account, "key-store": options.keyStore };
  const say = (lines: readonly string[]) => {
    if (options.output === "text") app.io.err(lines.map((line) => `${line}\n`).join(""));
  };
  const print = (entry: CurrentSession, outcome: Pick<BodyOf<"Login">, "status" | "endpoints">) => {
    if (options.output === "text") return;
    printObject(app, options.output, "Login", { ...outcome, ...sessionObject(app, server, entry) });
  };

  if (options.ifNeeded !== undefined) {
    const neededMs = neededTime(options.ifNeeded);
    const entry = findSession(workplace.current, server.base, account);
    if (entry !== undefined && entry.end - app.clock() >= neededMs) {
      await applySettings(desk);
      return print(entry, { status: "already-logged-in" });
    }
  } else if (!options.force) {
    const entry = await sessionToKeep(desk, { server, account, keyStore, endpoints });
    if (entry !== undefined) {
      await applySettings(desk);
      const anew = withCommands`To log in again: ${ours("login", { ...named, force: true })}`;
      say([`Already logged in as ${entry.identity} until ${untilWhen(app, entry.end)}. ${anew}`]);
      return print(entry, { status: "already-logged-in" });
    }
  }

  const isNamed = serverOrigin(desk, options.server).origin !== "default";
  app.io.err(`Logging in to ${server.base}${isNamed ? "" : " (default: no Vouch server is configured)"}\n`);
  const entry = await withHints(
    () => (isNamed ? {} : { "server-unreachable": otherLogin(desk) }),
    performLogin(desk, {
      server,
      account,
      timeoutMs,
      pinFromStdin: options.pinStdin,
      keyStore,
      endpoints,
      isTyped: true,
    }),
  );
  await applySettings(desk);
  const first = unnamedAccount(new Desk(app).workplace.current, server.base) ?? entry.identity;
  say([
    `Logged in as ${entry.identity} until ${untilWhen(app, entry.end)}.`,
    ...(first === entry.identity ? [] : [othersContexts(first)]),
    ...settledLines(endpoints),
  ]);
  print(entry, { status: "logged-in", endpoints });
}

/** A context never changes to another person because that one logs in, too. */
function othersContexts(first: string): string {
  return withCommands`Contexts without an account keep using ${first}. To change that: ${ours("logout", { account: first })}`;
}

/**
 * The AWS profile that `login` without options is for: that of `AWS_PROFILE`, else `[default]` if it logs in at Identity Center.
 * Undefined if an option, a setting or an earlier login says that Vouch is meant.
 */
export function loginProfileMeant(desk: Desk, options: LoginOptions): string | undefined {
  const { app } = desk;
  const { server, account, pinStdin, keyStore } = options;
  const isKeyMeant = [server, account, keyStore].some((value) => value !== undefined) || pinStdin;
  if (isKeyMeant || serverOrigin(desk, undefined).origin !== "default") return undefined;
  const { name, by } = profileMeant(app) ?? { name: "default", by: "[default]" };
  if (by === "[default]" && !loginProfiles(desk).includes(name)) return undefined;
  if (options.output === "text") app.io.err(`Logging in for AWS profile ${shown(name)} (from ${by})\n`);
  return name;
}

/** What a user who did not specify a server may have meant. */
function otherLogin(desk: Desk): string {
  const profile = loginProfiles(desk)[0];
  return profile === undefined
    ? withCommands`Specify your Vouch server: ${ours("login", { server: "URL" })}. Without Vouch, write profiles for your accounts in IAM Identity Center: ${ours("setup aws", { "sso-start-url": "URL" })}`
    : withCommands`Log in for an AWS profile: ${ours("login", { profile })}, or specify your Vouch server: ${ours("login", { server: "URL" })}`;
}

/**
 * The session that makes a login unnecessary: it has not ended, the server does not reject it, its secrets are in the
 * requested store, and it was made for the hosts that are named now.
 */
async function sessionToKeep(
  desk: Desk,
  wanted: Pick<LoginRequest, "server" | "account" | "keyStore" | "endpoints">,
): Promise<CurrentSession | undefined> {
  const { app, workplace } = desk;
  const { server, account, keyStore } = wanted;
  const entry = findSession(workplace.current, server.base, account);
  if (entry === undefined || entry.end <= app.clock()) return undefined;
  if (keyStore !== undefined && keyStore !== entry.keyStore) return undefined;
  try {
    const { client, session, endpoints } = await openSession(desk, { server, entry });
    if (!isSameEndpoints(endpoints, wanted.endpoints)) return undefined;
    const { authenticated } = await withProgress(app, `Contacting ${server.base}…`, () =>
      client.status(session),
    );
    return authenticated ? entry : undefined;
  } catch (error) {
    debug(`cannot check the session: ${reasonOf(error)}`);
    // An unreachable server would let nobody log in either.
    return error instanceof VouchError && error.code === "server-unreachable" ? entry : undefined;
  }
}

/** `--if-needed`: `1h`, `90m`, `1h30m`, `45s`, in milliseconds. Throws `usage`. */
export function neededTime(text: string): number {
  const [, hours = "0", minutes = "0", seconds = "0"] =
    /^(?=\d)(?:(\d{1,4})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?$/.exec(text) ?? [];
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  if (ms > 0) return ms;
  throw new VouchError(
    "usage",
    `--if-needed must be a time such as 1h or 30m, not ${JSON.stringify(text)}.`,
    {
      hint: withCommands`For example: ${ours("login", { "if-needed": "1h" })}`,
    },
  );
}
