import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { assertWithSecurityKey } from "../../token/fido2/ceremony/assertion.ts";
import { ensurePrivateDirectory, requireWritableFolder } from "../../token/files/private-file.ts";
import type { CurrentSession } from "../../token/hot/current.ts";
import type { KeyStoreKind } from "../../token/hot/key-store-kind.ts";
import { busToRecord } from "../../token/keystore/keyring-key-store.ts";
import type { ServerUrl } from "../../token/vouch/server-url.ts";
import { keyStoreForLogin, ourKeyStore } from "../vouch/our-key-store.ts";
import { ourVouchClient } from "../vouch/vouch-access.ts";
import type { Desk } from "../vouch/workplace.ts";
import { keepLogin } from "./keep-login.ts";
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
  const { server, account, endpoints } = request;
  ensurePrivateDirectory(workplace.folders.state);
  requireWritableFolder(workplace.folders.state);
  const bus = request.isTyped ? busToRecord(app.env) : undefined;
  const keyStore = request.isTyped
    ? await keyStoreForLogin(app, workplace, { kind: request.keyStore, bus })
    : await ourKeyStore(workplace, request.keyStore);
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
    return await keepLogin(desk, session, { ...request, client, keyStore, bus });
  } finally {
    prompts.close();
  }
}
