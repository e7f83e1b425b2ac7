import { registerWithSecurityKey } from "../../token/fido2/ceremony/registration.ts";
import type { ServerUrl } from "../../token/vouch/server-url.ts";
import type { VouchSession } from "../../token/vouch/session/vouch-session.ts";
import type { VouchClient } from "../../token/vouch/vouch-client.ts";
import type { App } from "../app.ts";
import { registrationError } from "./registration-error.ts";
import { registrationPrompts } from "./registration-prompts.ts";

/** The longest label that a server takes, in characters. Source: token/vouch/VOUCH-PROTOCOL.md, "Registered keys". */
export const MAX_LABEL = 100;

export interface KeyToAdd {
  readonly server: ServerUrl;
  readonly client: VouchClient;
  readonly session: VouchSession;
  /** The name that the server stores for it; undefined: its model. */
  readonly label: string | undefined;
  /** How long to wait for a key to be plugged in, in milliseconds; 0 means no limit. */
  readonly timeoutMs: number;
  readonly pinFromStdin: boolean;
}

export interface AddedKey {
  /** A UUID of the server's. */
  readonly id: string;
  readonly label: string;
}

/** The label of a key that nobody named. */
const USUAL_LABEL = "Security key";

/** Registers the plugged-in security key for the person of the session. */
export async function addKey(app: App, key: KeyToAdd): Promise<AddedKey> {
  const { server, client, session, timeoutMs, pinFromStdin } = key;
  const keys = await app.securityKeys();
  const [first, ...others] = await keys.list();
  // Of several keys, only the touch shows which one is meant.
  const label = key.label ?? (first !== undefined && others.length === 0 ? first.name : USUAL_LABEL);
  const { state, ...pending } = await client.startKeyRegistration(session, label.slice(0, MAX_LABEL));
  const prompts = registrationPrompts(app, { pinFromStdin });
  try {
    const made = await registerWithSecurityKey(
      { ...pending, host: server.host, origin: server.base },
      {
        keys,
        prompts,
        signal: app.signal,
        timeoutMs,
        ...(pinFromStdin ? { pinAttempts: 1 } : {}),
      },
    );
    return { id: await client.completeKeyRegistration(session, { state, made }), label };
  } catch (error) {
    throw registrationError(error);
  } finally {
    prompts.close();
  }
}
