import fs from "node:fs";
import { placeName } from "../../../token/aws/identity-center/session-errors.ts";
import { ours } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { USUAL } from "../../../token/endpoints/endpoints.ts";
import { reasonOf, VouchError } from "../../../token/errors/errors.ts";
import { isUnwritable } from "../../../token/files/file-errors.ts";
import { type CurrentSession, findSession } from "../../../token/hot/current.ts";
import { allSessions } from "../../../token/session/current-file.ts";
import { forgetSession, loadSession } from "../../../token/session/session-store.ts";
import { withSessionsLocked } from "../../../token/session/sessions-lock.ts";
import { clockTime } from "../../../token/text/time.ts";
import { serverUrl } from "../../../token/vouch/server-url.ts";
import type { App } from "../../app.ts";
import type { BodyOf } from "../../kinds/kinds.ts";
import { awsSessions, serves } from "../../login/aws-sessions.ts";
import { printObject } from "../../terminal/output.ts";
import type { OutputChoice } from "../../terminal/output-choice.ts";
import { ourVouchClient, storeToForget } from "../../vouch/vouch-access.ts";
import { removeLeftovers } from "../../workplace/leftovers.ts";
import { chosenServer, type Desk } from "../../workplace/workplace.ts";

interface LogoutOptions {
  readonly server: string | undefined;
  readonly account: string | undefined;
  readonly all: boolean;
  readonly output: OutputChoice;
}

/** Logging out twice is no error: the goal is that no user is logged in. */
export async function runLogout(options: LogoutOptions, desk: Desk): Promise<void> {
  const { app } = desk;
  if (options.all && (options.server !== undefined || options.account !== undefined)) {
    throw new VouchError(
      "usage",
      "--all means every account at every server, but --server and --account select one.",
      {
        hint: "Run `kubectl vouch logout --all`, or omit --all.",
      },
    );
  }
  const sessions = chosenSessions(options, desk);
  const failures: unknown[] = [];
  const ended: EndedSession[] = [];
  for (const each of sessions) {
    const outcome = await endSession(desk, each).catch((error: unknown) => {
      failures.push(error);
      return { status: "failed", problem: reasonOf(error) } as const;
    });
    ended.push({ server: each.server, email: each.session.identity, ...outcome });
    if (options.output === "text") sayEnded(app, each, outcome);
  }
  await withoutLeftovers(desk);
  if (options.output !== "text") printObject(app, options.output, "Logout", { sessions: ended });
  else {
    if (sessions.length === 0) sayNotLoggedIn(desk, options);
    if (sessions.length === 0 || options.all) await sayStillThere(desk);
  }
  if (failures.length > 0) throw failures[0];
}

/** Says that the named account was not logged in, and who still is. */
function sayNotLoggedIn(desk: Desk, { server, account }: LogoutOptions): void {
  const { app, workplace } = desk;
  const others = allSessions(workplace.current);
  if (others.length === 0) {
    app.io.err("You were not logged in to Vouch.\n");
    return;
  }
  const place = chosenServer(desk, server).base;
  app.io.err(
    account === undefined
      ? `You were not logged in to ${place}.\n`
      : `${account} was not logged in to ${place}.\n`,
  );
  for (const { server: other, session } of others) {
    const end = ours("logout", { server: other, account: session.identity });
    app.io.err(`${withCommands`Still logged in: ${session.identity} at ${other}: ${end}`}\n`);
  }
}

/** Sessions that only `--profile` ends, since other tools use them too. */
async function sayStillThere(desk: Desk): Promise<void> {
  const { app } = desk;
  const { centers } = await awsSessions(desk, []);
  for (const { plan, profiles, token } of centers) {
    if (!serves(token, app.clock())) continue;
    const end = ours("logout", { profile: profiles[0] });
    app.io.err(`${withCommands`You are still logged in to ${placeName(plan)}: ${end}`}\n`);
  }
}

type EndedSession = BodyOf<"Logout">["sessions"][number];
type Outcome = Pick<EndedSession, "status" | "problem">;

/** Creates nothing if no user ever logged in. If nothing can be written, the next logout removes what is left. */
async function withoutLeftovers({ app, workplace }: Desk): Promise<void> {
  const { state } = workplace.folders;
  if (!fs.existsSync(state)) return;
  try {
    await withSessionsLocked({ ...app, state }, () => removeLeftovers(app, workplace));
  } catch (error) {
    if (!(error instanceof VouchError) || error.code === "interrupted") throw error;
  }
}

function sayEnded(app: App, { server, session }: ServerSession, { status, problem }: Outcome): void {
  if (status === "failed") return;
  app.io.err(`Logged out ${session.identity} from ${server}.\n`);
  if (status === "server-not-told")
    app.io.err(`Cannot notify the server: ${problem} There, the session ends at its usual time.\n`);
}

interface ServerSession {
  readonly server: string;
  readonly session: CurrentSession;
}

function chosenSessions(options: LogoutOptions, desk: Desk): ServerSession[] {
  const { current } = desk.workplace;
  if (options.all) return allSessions(current);
  const server = chosenServer(desk, options.server).base;
  const session = findSession(current, server, options.account);
  return session === undefined ? [] : [{ server, session }];
}

/** Tells the server if possible, and forgets the session in any case. */
async function endSession({ app, workplace }: Desk, { server, session }: ServerSession): Promise<Outcome> {
  const keyStore = await storeToForget(workplace, session);
  const { state } = workplace.folders;
  const place = { state, keyStore };
  const forget = async () => {
    try {
      await withSessionsLocked({ ...app, state }, () => forgetSession(place, server, session));
    } catch (error) {
      if (!isUnwritable(error)) throw error;
      // A full or read-only disk allows no lock; what can be removed is removed all the same.
      forgetSession(place, server, session);
    }
  };
  const revoke = async () => {
    const secrets = loadSession(place, session, server);
    const problem = await forget().catch((error: unknown) => error);
    const { endpoints = USUAL } = secrets;
    await ourVouchClient(app, { server: serverUrl(server), keyStore, endpoints }).revoke(secrets);
    return problem;
  };
  try {
    const problem = await revoke();
    if (problem === undefined) return { status: "logged-out" };
    throw isUnwritable(problem) ? leftHere(problem, session, server) : problem;
  } catch (error) {
    if (isUnwritable(error)) throw error;
    await forget().catch((problem: unknown) => {
      throw secretsLeft(problem, session, app.clock());
    });
    return { status: "server-not-told", problem: reasonOf(error) };
  }
}

function leftHere(problem: VouchError, { identity }: CurrentSession, server: string): VouchError {
  return new VouchError(
    problem.code,
    `The session of ${identity} at ${server} has ended, but this machine could not record that: ${problem.message}`,
    {
      cause: problem,
      hint: [problem.hint, withCommands`Then run ${ours("logout", { server })}.`]
        .filter((part) => part !== undefined)
        .join("\n"),
    },
  );
}

/** The session is no longer used, but its secrets are still stored. */
function secretsLeft(problem: unknown, { identity, end }: CurrentSession, now: number): unknown {
  if (!(problem instanceof VouchError) || problem.code !== "key-store-failed") return problem;
  return new VouchError(
    problem.code,
    `${identity} is logged out on this machine, but the secrets of the session could not be removed: ${problem.message}`,
    {
      cause: problem,
      hint: `They are useless after ${clockTime(end, now)}, when the session ends on its own.`,
    },
  );
}
