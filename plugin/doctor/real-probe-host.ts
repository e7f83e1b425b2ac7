import type { VouchFacts } from "../../doctor/doctor.ts";
import type { ProbeHost, SourceHost, VouchHost } from "../../doctor/probes/probe-host.ts";
import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import { requireKeyAccess } from "../../token/fido2/hid/key-access.ts";
import { readTextFile } from "../../token/files/plain-file.ts";
import { detectAiAgent } from "../../token/hot/ai-agent.ts";
import { type CurrentSession, findSession, unnamedAccount } from "../../token/hot/current.ts";
import type { ServerUrl } from "../../token/vouch/server-url.ts";
import type { App } from "../app.ts";
import { askAwsCredentials, settledEndpoints } from "../aws/ask-aws.ts";
import { programRunner } from "../programs/program-runner.ts";
import { openAccess, openSession } from "../vouch/vouch-access.ts";
import { askCredentials } from "../vouch/vouch-credentials.ts";
import { chosenServer, Desk } from "../workplace/workplace.ts";

/** How long cached credentials must still live to be used for AWS, in milliseconds. */
const MIN_REMAINING_MS = 60_000;

/** The outside world, as far as the doctor is allowed to use it. */
export function realProbeHost(
  app: App,
  {
    kubeconfig,
    online,
    kuberc,
  }: {
    readonly kubeconfig: string | undefined;
    readonly online: boolean;
    /** The file of `--kuberc` on the kubectl command line that is examined. */
    readonly kuberc?: string | undefined;
  },
): ProbeHost {
  return {
    env: app.env,
    platform: app.platform,
    homeDir: app.homeDir,
    clock: app.clock,
    kubeconfig,
    online,
    dropped: app.dropped,
    readText: (file) => readTextFile(file),
    run: programRunner(app, kuberc),
    vouch: vouchHost(app),
    sources: sourceHost(app),
  };
}

function sourceHost(app: App): SourceHost {
  return {
    credentials({ profile, role, via, region, env, fresh, signal }) {
      const wish = { fresh, minRemainingMs: MIN_REMAINING_MS };
      return askAwsCredentials(new Desk({ ...app, env, signal }), { profile, role, via, region }, { wish });
    },
    endpoints: (profile, env) => settledEndpoints({ ...app, env }, { profile }),
  };
}

function vouchHost(app: App): VouchHost {
  const agent = detectAiAgent((name) => app.env[name]);
  return {
    async credentials({ server: named, role, via, region, account, fresh, signal }) {
      const desk = new Desk(app);
      const server = chosenServer(desk, named).base;
      const who = account ?? unnamedAccount(desk.workplace.current, server);
      const request = { role, via, region, server, account: who };
      const access = await openAccess(desk, request);
      return askCredentials({ ...app, signal }, access, request, { fresh, minRemainingMs: MIN_REMAINING_MS });
    },
    async endpoints(named, account) {
      const desk = new Desk(app);
      const server = chosenServer(desk, named).base;
      const who = account ?? unnamedAccount(desk.workplace.current, server);
      return (await openAccess(desk, { server, account: who })).endpoints;
    },
    async status(named, account) {
      const desk = new Desk(app);
      const { current } = desk.workplace;
      const server = chosenServer(desk, named);
      const who = account ?? unnamedAccount(current, server.base);
      const entry = findSession(current, server.base, who);
      const facts = { server: server.base, loggedIn: false, ...(agent === undefined ? {} : { agent }) };
      if (entry === undefined) return facts;
      const known = { ...facts, identity: entry.identity, sessionEnd: new Date(entry.end).toISOString() };
      if (entry.end <= app.clock()) return known;
      return { ...known, ...(await serverAnswer(desk, { server, entry })) };
    },
    keys: () => pluggedInKeys(app),
  };
}

/** Whether the session's secrets are here, and whether the server confirms that it lives, or its error. */
async function serverAnswer(
  desk: Desk,
  { server, entry }: { readonly server: ServerUrl; readonly entry: CurrentSession },
): Promise<Pick<VouchFacts, "loggedIn" | "serverConfirms" | "serverProblem" | "endpoints">> {
  let recorded: Pick<VouchFacts, "endpoints"> = {};
  try {
    const { client, session, endpoints } = await openSession(desk, { server, entry });
    recorded = { endpoints };
    const { authenticated } = await client.status(session);
    return { ...recorded, loggedIn: true, serverConfirms: authenticated };
  } catch (error) {
    const serverProblem = reasonOf(error);
    const code = error instanceof VouchError ? error.code : undefined;
    if (code === "logged-out") return { loggedIn: false, serverProblem };
    return {
      ...recorded,
      loggedIn: true,
      serverProblem,
      ...(code === "session-refused" ? { serverConfirms: false } : {}),
    };
  }
}

async function pluggedInKeys(app: App): Promise<{ readonly name: string; readonly readable: boolean }[]> {
  const keys = await (await app.securityKeys()).list();
  return keys.map(({ name, path }) => ({ name, readable: mayOpen(path) }));
}

function mayOpen(path: string): boolean {
  try {
    requireKeyAccess(path);
    return true;
  } catch (error) {
    return !(error instanceof VouchError && error.code === "security-key-unreadable");
  }
}
