import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { debug } from "../../token/debug.ts";
import { type Endpoints, isSameEndpoints, USUAL } from "../../token/endpoints/endpoints.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { detectAiAgent } from "../../token/hot/ai-agent.ts";
import { type CurrentSession, findSession } from "../../token/hot/current.ts";
import type { RoleQuestion } from "../../token/hot/question.ts";
import { VERSION } from "../../token/hot/version.ts";
import type { KeyStore } from "../../token/keystore/key-store.ts";
import { loadSession, recordSession, type SessionPlace } from "../../token/session/session-store.ts";
import { clockTime } from "../../token/text/time.ts";
import { type ServerUrl, serverUrl } from "../../token/vouch/server-url.ts";
import type { VouchSession } from "../../token/vouch/session/vouch-session.ts";
import { type VouchClient, vouchClient } from "../../token/vouch/vouch-client.ts";
import type { App } from "../app.ts";
import { ourKeyStore } from "../workplace/our-key-store.ts";
import { rememberServer } from "../workplace/server-record.ts";
import { type Desk, endpointsNamedNow, isCacheOn, type LocalState } from "../workplace/workplace.ts";

/**
 * The store of a session that is to be forgotten. A keyring that cannot be opened (at another desk, over ssh) must not keep a
 * session alive: it fails only when a secret is asked for.
 */
export async function storeToForget(
  workplace: LocalState,
  { keyStore: kind, bus }: Pick<CurrentSession, "keyStore" | "bus">,
): Promise<KeyStore> {
  try {
    return await ourKeyStore(workplace, kind, bus);
  } catch (error) {
    const fail = () => {
      throw error;
    };
    return { kind, read: fail, write: fail, remove: fail };
  }
}

/** A client of the Vouch server, wired to this process. The server is trusted as `endpoints` says. */
export function ourVouchClient(
  app: App,
  {
    server,
    keyStore,
    endpoints,
  }: { readonly server: ServerUrl; readonly keyStore: KeyStore; readonly endpoints: Endpoints },
): VouchClient {
  const agent = detectAiAgent((name) => app.env[name]);
  return vouchClient({
    server,
    keyStore,
    clock: app.clock,
    env: app.env,
    caBundle: endpoints.vouchCaBundle,
    version: VERSION,
    hostname: app.hostname,
    interactive: app.io.isTerminal("stdin"),
    signal: app.signal,
    ...(agent === undefined ? {} : { agent }),
  });
}

/** Who is logged in at the server. Throws `logged-out` or `session-expired`, with the command that fixes it. */
export function requireSession(
  { app, workplace: { current } }: Desk,
  { server, account }: Pick<RoleQuestion, "server" | "account">,
): CurrentSession {
  const hint = withCommands`Run ${ours("login", { server })} and touch your security key.`;
  const session = findSession(current, server, account);
  if (session === undefined) {
    const who = account === undefined ? "You are not" : `${account} is not`;
    throw new VouchError("logged-out", `${who} logged in to ${server}.`, { hint });
  }
  debug(
    `session ${session.id} of ${session.identity} at ${server}, until ${clockTime(session.end, app.clock())}`,
  );
  if (session.end > app.clock()) return session;
  throw new VouchError(
    "session-expired",
    `The session of ${session.identity} at ${server} ended at ${clockTime(session.end, app.clock())}.`,
    { hint },
  );
}

/** A logged-in user with the secrets of the session at hand. */
export interface VouchAccess {
  readonly place: SessionPlace;
  readonly entry: CurrentSession;
  readonly session: VouchSession;
  readonly client: VouchClient;
  /** Where its secrets may go. */
  readonly endpoints: Endpoints;
  /** Whether tokens and credentials are kept, as the settings say. */
  readonly cache: boolean;
}

/** Opens the session's secrets and a client to use them with. */
export async function openSession(
  { app, workplace }: Desk,
  { server, entry }: { readonly server: ServerUrl; readonly entry: CurrentSession },
): Promise<VouchAccess> {
  const keyStore = await ourKeyStore(workplace, entry.keyStore, entry.bus);
  const place = { state: workplace.folders.state, keyStore };
  const session = loadSession(place, entry, server.base);
  return accessOf(app, { place, entry, session, server, cache: isCacheOn(workplace) });
}

/** Opens the session that is asked for. Throws `logged-out` or `session-expired`. */
export function openAccess(
  desk: Desk,
  asked: Pick<RoleQuestion, "server" | "account">,
): Promise<VouchAccess> {
  const server = serverUrl(asked.server);
  return openSession(desk, { server, entry: requireSession(desk, { ...asked, server: server.base }) });
}

function accessOf(
  app: App,
  {
    server,
    ...known
  }: Pick<VouchAccess, "place" | "entry" | "session" | "cache"> & { readonly server: ServerUrl },
): VouchAccess {
  const { keyStore } = known.place;
  const endpoints = known.session.endpoints ?? USUAL;
  debug(
    `endpoints recorded with the session: ${endpoints === USUAL ? "the usual ones" : JSON.stringify(endpoints)}`,
  );
  return { ...known, endpoints, client: ourVouchClient(app, { server, keyStore, endpoints }) };
}

/** A session for setup. */
interface SetupAccess {
  readonly access: VouchAccess;
  /** Records hosts and CAs with the session, once the setup is known to work with them. */
  settle(): Promise<void>;
}

/**
 * Opens a session for setup, which settles hosts and CAs as login does: those that are named now already apply to this
 * call, and to later ones once they are settled.
 */
export async function openSessionForSetup(
  desk: Desk,
  { server, entry }: { readonly server: ServerUrl; readonly entry: CurrentSession },
): Promise<SetupAccess> {
  const { app, workplace } = desk;
  const access = await openSession(desk, { server, entry });
  const endpoints = { ...access.endpoints, ...endpointsNamedNow(desk) };
  if (isSameEndpoints(endpoints, access.endpoints)) return { access, settle: async () => {} };
  const session = { ...access.session, endpoints };
  return {
    access: accessOf(app, { ...access, session, server }),
    async settle() {
      recordSession(access.place, entry, session);
      await rememberServer(app, server.base, { endpoints, folders: workplace.folders });
    },
  };
}
