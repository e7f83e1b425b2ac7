import { VouchError } from "../errors/errors.ts";
import { clockTime } from "../text/local-time.ts";
import { loadClientKey } from "./client-key.ts";
import type { Client, VouchContext } from "./vouch-context.ts";
import type { VouchSession } from "./vouch-session.ts";

/**
 * The client of a session, if the session can still be used: not over by our clock, of this server, and bound to the key we hold.
 */
export function sessionClient(context: VouchContext, session: VouchSession): Client {
  const { server, clock } = context;
  if (session.server !== server.base) {
    throw new VouchError(
      "internal",
      `A session with ${session.server} was about to be used with ${server.base}.`,
    );
  }
  if (session.expiresAt <= clock()) {
    const ended = clockTime(session.expiresAt, clock());
    throw new VouchError(
      "session-expired",
      `The session of ${session.identity} at ${server.key} ended at ${ended}.`,
    );
  }
  return boundClient(context, session);
}

/** A client for a session that may be over, to ask about it or revoke it. */
export function boundClient(context: VouchContext, session: VouchSession): Client {
  const key = loadClientKey(context.keyStore);
  if (key?.kid === session.keyId) return { clientId: session.clientId, key };

  throw new VouchError(
    "session-refused",
    `The session of ${session.identity} at ${context.server.key} is bound to a client key that is no longer in the key store.`,
  );
}
