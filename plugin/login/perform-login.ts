import { randomUUID } from "node:crypto";
import { stsSessionName } from "../../token/aws/session-name.ts";
import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { assertWithSecurityKey } from "../../token/fido2/assertion.ts";
import { ensurePrivateDirectory } from "../../token/files/private-file.ts";
import type { CurrentSession } from "../../token/hot/current.ts";
import type { KeyStoreKind } from "../../token/hot/key-store-kind.ts";
import type { KeyStore } from "../../token/keystore/key-store.ts";
import { busToRecord } from "../../token/keystore/session-bus.ts";
import { loadCurrent } from "../../token/session/current-file.ts";
import { forgetSession, keepSession } from "../../token/session/session-store.ts";
import { withSessionsLocked } from "../../token/session/sessions-lock.ts";
import { touchBreaker } from "../../token/session/touch-breaker.ts";
import type { ServerUrl } from "../../token/vouch/server-url.ts";
import type { VouchSession } from "../../token/vouch/vouch-session.ts";
import type { App } from "../app.ts";
import { removeLeftovers } from "../vouch/leftovers.ts";
import { rememberServer } from "../vouch/server-record.ts";
import { ourKeyStore, ourVouchClient, storeToForget } from "../vouch/vouch-access.ts";
import type { LocalState } from "../vouch/workplace.ts";
import { loginPrompts } from "./login-prompts.ts";

export interface LoginRequest {
  readonly server: ServerUrl;
  /** E-mail address that is expected, when the person said one. */
  readonly account: string | undefined;
  /** How long to wait for a key to be plugged in, in milliseconds; 0 means no limit. */
  readonly timeoutMs: number;
  readonly pinFromStdin: boolean;
  readonly keyStore: KeyStoreKind | undefined;
  /** Where the session's secrets may go: recorded with it. */
  readonly endpoints: Endpoints;
  /** A person typed it, so it settles what later logins at this server go by. */
  readonly isTyped: boolean;
}

/**
 * The whole login: challenge, touch, session kept. The challenge is fetched before the PIN is asked, because the key's
 * token must be used within 30 s; nothing is kept before all of it has succeeded. A session that cannot be kept is ended
 * at the server too.
 */
export async function performLogin(
  app: App,
  workplace: LocalState,
  request: LoginRequest,
): Promise<CurrentSession> {
  const { server, account, endpoints } = request;
  ensurePrivateDirectory(workplace.folders.state);
  const bus = request.isTyped ? busToRecord(app.env) : undefined;
  const keyStore = await ourKeyStore(workplace, request.keyStore, bus);
  const client = ourVouchClient(app, { server, keyStore, endpoints });
  const challenge = await client.beginLogin();
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
    const entry: CurrentSession = {
      identity: session.identity,
      id: randomUUID(),
      end: session.expiresAt,
      sessionName: stsSessionName(session.identity),
      keyStore: keyStore.kind,
      ...(keyStore.kind === "keyring" && bus !== undefined ? { bus } : {}),
    };
    await keep(app, workplace, { session: { ...session, endpoints }, entry, keyStore }).catch(
      async (error: unknown) => {
        await client.revoke(session).catch(() => undefined);
        throw error;
      },
    );
    if (request.isTyped) await rememberServer(app, server.base, { endpoints, folders: workplace.folders });
    return entry;
  } finally {
    prompts.close();
  }
}

function keep(
  app: App,
  workplace: LocalState,
  {
    session,
    entry,
    keyStore,
  }: { readonly session: VouchSession; readonly entry: CurrentSession; readonly keyStore: KeyStore },
): Promise<void> {
  const { state } = workplace.folders;
  return withSessionsLocked({ ...app, state }, async () => {
    await removeLeftovers(app, workplace);
    const problem = await forgetElsewhere(workplace, session.server, entry);
    if (problem !== undefined)
      app.io.err(`warning: secrets of the session before could not be removed: ${problem.message}\n`);
    keepSession({ state, keyStore }, session, entry);
    touchBreaker(state, session.server).reset();
  });
}

/**
 * An older session of the same person whose secrets lie in another key store than the new one's will. Returns why they
 * could not be removed: a keyring that is out of reach is the very reason to log in with another store.
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
