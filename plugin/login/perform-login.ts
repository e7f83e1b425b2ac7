import { randomUUID } from "node:crypto";
import { stsSessionName } from "../../token/aws/exchange.ts";
import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { assertWithSecurityKey } from "../../token/fido2/ceremony/assertion.ts";
import { ensurePrivateDirectory, requireWritableFolder } from "../../token/files/private-file.ts";
import { type CurrentSession, unnamedAccount } from "../../token/hot/current.ts";
import type { KeyStoreKind } from "../../token/hot/key-store-kind.ts";
import type { KeyStore } from "../../token/keystore/key-store.ts";
import { busToRecord } from "../../token/keystore/keyring-key-store.ts";
import { loadCurrent } from "../../token/session/current-file.ts";
import { forgetSession, keepSession } from "../../token/session/session-store.ts";
import { withSessionsLocked } from "../../token/session/sessions-lock.ts";
import { touchBreaker } from "../../token/session/touch-breaker.ts";
import type { ServerUrl } from "../../token/vouch/server-url.ts";
import type { VouchSession } from "../../token/vouch/session/vouch-session.ts";
import type { VouchClient } from "../../token/vouch/vouch-client.ts";
import { ourVouchClient, storeToForget } from "../vouch/vouch-access.ts";
import { removeLeftovers } from "../workplace/leftovers.ts";
import { ourKeyStore, tellIfFiles } from "../workplace/our-key-store.ts";
import { rememberServer } from "../workplace/server-record.ts";
import type { Desk, LocalState } from "../workplace/workplace.ts";
import { loginPrompts } from "./login-prompts.ts";

export interface LoginRequest {
  readonly server: ServerUrl;
  /** The expected e-mail address, if the person gave one. */
  readonly account: string | undefined;
  /** How long to wait for a key to be plugged in, in milliseconds; 0 means no limit. */
  readonly timeoutMs: number;
  readonly pinFromStdin: boolean;
  readonly keyStore: KeyStoreKind | undefined;
  /** Where the session's secrets may go: recorded with it. */
  readonly endpoints: Endpoints;
  /** Whether a person typed it, so that it settles what later logins at this server use. */
  readonly isTyped: boolean;
}

/**
 * The whole login: challenge, touch, session kept. The challenge is fetched before the PIN is asked for, because the key's token
 * must be used within 30 s; nothing is kept before all of it has succeeded. A session that cannot be kept is ended at the server
 * too.
 */
export async function performLogin(desk: Desk, request: LoginRequest): Promise<CurrentSession> {
  const { app, workplace } = desk;
  const { server, account } = request;
  const login = await openLogin(desk, request);
  const { client } = login;
  const challenge = await client.beginLogin();
  if (request.isTyped) tellIfFiles(app, workplace, login.keyStore);
  const lastAccount = workplace.current.servers[server.base]?.current;
  const prompts = loginPrompts(app, { ...request, lastAccount });
  try {
    const assertion = await assertWithSecurityKey(
      { rpId: challenge.rpId, challenge: challenge.challenge, host: server.host },
      {
        keys: await app.securityKeys(),
        prompts,
        signal: app.signal,
        timeoutMs: request.timeoutMs,
        ...(request.pinFromStdin ? { pinAttempts: 1 } : {}),
      },
    );
    const session = await client.finishLogin(challenge, assertion);
    if (account !== undefined && session.identity !== account) {
      await client.revoke(session).catch(() => undefined);
      throw new VouchError(
        "login-refused",
        `This key belongs to ${session.identity} at ${server.base}, not to ${account}.`,
        {
          hint: withCommands`Use the key of ${account}, or run ${ours("login", { server: server.base })}.`,
        },
      );
    }
    return await keepLogin(desk, session, login);
  } finally {
    prompts.close();
  }
}

/** How a session comes about. */
interface NewLogin extends Pick<LoginRequest, "server" | "endpoints" | "isTyped"> {
  readonly client: VouchClient;
  readonly keyStore: KeyStore;
  /** Address of the session bus, if it is to be recorded. */
  readonly bus: string | undefined;
}

/** Finds out where the secrets of a new session can be kept, before anything is asked. */
export async function openLogin(
  { app, workplace }: Desk,
  {
    server,
    endpoints,
    isTyped,
    ...request
  }: Pick<LoginRequest, "server" | "endpoints" | "isTyped" | "keyStore">,
): Promise<NewLogin> {
  ensurePrivateDirectory(workplace.folders.state);
  requireWritableFolder(workplace.folders.state);
  const bus = isTyped ? busToRecord(app.env) : undefined;
  const keyStore = await ourKeyStore(workplace, request.keyStore, bus);
  const client = ourVouchClient(app, { server, keyStore, endpoints });
  return { server, endpoints, isTyped, client, keyStore, bus };
}

/** Keeps a new session, whole or not at all. One that cannot be kept is ended at the server too. */
export async function keepLogin(
  desk: Desk,
  session: VouchSession,
  { server, client, keyStore, bus, endpoints, isTyped }: NewLogin,
): Promise<CurrentSession> {
  const entry: CurrentSession = {
    identity: session.identity,
    id: randomUUID(),
    end: session.expiresAt,
    sessionName: stsSessionName(session.identity),
    keyStore: keyStore.kind,
    ...(keyStore.kind === "keyring" && bus !== undefined ? { bus } : {}),
  };
  await keep(desk, { session: { ...session, endpoints }, entry, keyStore }).catch(async (error: unknown) => {
    await client.revoke(session).catch(() => undefined);
    throw error;
  });
  if (isTyped) await rememberServer(desk.app, server.base, { endpoints, folders: desk.workplace.folders });
  return entry;
}

function keep(
  { app, workplace }: Desk,
  {
    session,
    entry,
    keyStore,
  }: { readonly session: VouchSession; readonly entry: CurrentSession; readonly keyStore: KeyStore },
): Promise<void> {
  const { state } = workplace.folders;
  return withSessionsLocked({ ...app, state }, async () => {
    await removeLeftovers(app, workplace);
    const first = unnamedAccount(loadCurrent(state), session.server);
    const problem = await forgetElsewhere(workplace, session.server, entry);
    if (problem !== undefined)
      app.io.err(`warning: the secrets of the previous session could not be removed: ${problem.message}\n`);
    keepSession({ state, keyStore }, session, entry, first);
    touchBreaker(state, session.server).reset();
  });
}

/**
 * Forgets an older session of the same person whose secrets are in another key store. Returns why they could not be removed: an
 * unreachable keyring can be exactly why a user logs in with a different store.
 */
async function forgetElsewhere(
  workplace: LocalState,
  server: string,
  entry: CurrentSession,
): Promise<VouchError | undefined> {
  const { state } = workplace.folders;
  const older = loadCurrent(state).servers[server]?.sessions[entry.identity];
  if (older === undefined || older.keyStore === entry.keyStore) return undefined;
  try {
    forgetSession({ state, keyStore: await storeToForget(workplace, older) }, server, older);
    return undefined;
  } catch (error) {
    if (error instanceof VouchError && error.code === "key-store-failed") return error;
    throw error;
  }
}
