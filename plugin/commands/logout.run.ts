import { reasonOf, VouchError } from "../../token/errors.ts";
import { type CurrentSession, findSession } from "../../token/hot/current.ts";
import { allSessions } from "../../token/session/current-file.ts";
import { forgetSession, loadSession } from "../../token/session/session-store.ts";
import { serverUrl } from "../../token/vouch/server-url.ts";
import type { App } from "../app.ts";
import { ourKeyStore, ourVouchClient } from "../vouch-access.ts";
import { chosenServer, readWorkplace, type Workplace } from "../workplace.ts";

export interface LogoutOptions {
  readonly server: string | undefined;
  readonly account: string | undefined;
  readonly all: boolean;
}

/** Logging out twice is no error: what is asked for is that nobody is logged in. */
export async function runLogout(options: LogoutOptions, app: App): Promise<void> {
  if (options.all && (options.server !== undefined || options.account !== undefined)) {
    throw new VouchError(
      "usage",
      "--all means every account at every server; --server and --account choose one.",
      {
        hint: `Either \`${app.programName} logout --all\`, or name whom to log out.`,
      },
    );
  }
  const workplace = readWorkplace(app);
  const sessions = chosenSessions(options, app, workplace);
  for (const { server, session } of sessions) {
    const problem = await endSession(app, workplace, { server, session });
    app.io.err(`Logged out ${session.identity} at ${server}.\n`);
    if (problem !== undefined) {
      app.io.err(
        `The server could not be told: ${problem} It ends the session by itself at its usual time.\n`,
      );
    }
  }
  if (sessions.length === 0) app.io.err("Nobody was logged in.\n");
}

interface ServerSession {
  readonly server: string;
  readonly session: CurrentSession;
}

function chosenSessions(options: LogoutOptions, app: App, workplace: Workplace): ServerSession[] {
  if (options.all) return allSessions(workplace.current);
  const server = chosenServer(app, workplace, options.server).base;
  const session = findSession(workplace.current, server, options.account ?? null);
  return session === undefined ? [] : [{ server, session }];
}

/** Tells the server as well as may be, and forgets in any case. Returns why the server could not be told. */
async function endSession(
  app: App,
  workplace: Workplace,
  { server, session }: ServerSession,
): Promise<string | undefined> {
  const keyStore = await ourKeyStore(workplace, session.keyStore);
  const place = { state: workplace.folders.state, keyStore };
  const revoke = async () => {
    const secrets = loadSession(place, session, server);
    forgetSession(place, server, session);
    await ourVouchClient(app, serverUrl(server, { allowInsecure: true }), keyStore).revoke(secrets);
  };
  try {
    await revoke();
    return undefined;
  } catch (error) {
    forgetSession(place, server, session);
    return reasonOf(error);
  }
}
