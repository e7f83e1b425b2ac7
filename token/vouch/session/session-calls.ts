import { VouchError } from "../../errors/errors.ts";
import type { HttpAnswer } from "../../net/http-client.ts";
import { serverName } from "../../net/server-text.ts";
import { jsonRecord } from "../../record.ts";
import { clockTime } from "../../text/time.ts";
import { callOauth, callResource, type ResourceCall } from "../call/call-server.ts";
import type { VouchCall } from "../call/refusal-table.ts";
import { answerError, isSignatureRefusal, vouchError } from "../call/vouch-error.ts";
import { loadClientKey } from "../sign/client-key.ts";
import type { Client, VouchContext } from "../sign/vouch-context.ts";
import type { VouchSession } from "./vouch-session.ts";

/** The state of a session, according to the server. */
export interface SessionStatus {
  readonly authenticated: boolean;
  readonly email?: string;
  readonly expiresInSeconds?: number;
}

/**
 * Whether the session is alive. A public path: the status is 200 even if it is not.
 * Source: VOUCH-PROTOCOL.md, "Session status".
 */
export async function askStatus(context: VouchContext, session: VouchSession): Promise<SessionStatus> {
  const asked = { call: "status", server: context.server.key } as const;
  const { key } = boundClient(context, session);
  const { accessToken } = session;
  const answer = await callResource(context, { path: "/v1/auth/status", key, accessToken, signed: false });
  if (answer.status !== 200) throw vouchError(answer, asked);

  const body = jsonRecord(answer.body);
  const authenticated = body?.["authenticated"];
  const seconds = body?.["expires_in_seconds"];
  if (typeof authenticated !== "boolean") throw answerError(asked, "without its state");
  const email = serverName(body?.["email"]);
  return {
    authenticated,
    ...(email === undefined ? {} : { email }),
    ...(typeof seconds === "number" ? { expiresInSeconds: seconds } : {}),
  };
}

/**
 * Ends the session at the server, which also accepts this for an unknown session.
 * Source: VOUCH-PROTOCOL.md, "Revocation".
 */
export async function revoke(context: VouchContext, session: VouchSession): Promise<void> {
  const client = boundClient(context, session);
  const fields = { token: session.accessToken, client_id: client.clientId };
  const answer = await callOauth(context, { path: "/oauth/revoke", client, fields, dpop: "none" });
  if (answer.status !== 200) throw vouchError(answer, { call: "revocation", server: context.server.key });
}

type SignedCall = Omit<ResourceCall, "key" | "accessToken" | "signed"> & { readonly call: VouchCall };

/** Calls a `/v1` endpoint for the user of a session; any answer but 200 is thrown as the error to show. */
export async function callSigned(
  context: VouchContext,
  session: VouchSession,
  { call, ...resource }: SignedCall,
): Promise<HttpAnswer> {
  const { key } = sessionClient(context, session);
  const { accessToken } = session;
  const answer = await callResource(context, { ...resource, key, accessToken, signed: true });
  if (answer.status === 200) return answer;
  const error = vouchError(answer, { call, server: context.server.key });
  if (isSignatureRefusal(answer) && error.code !== "clock-skewed")
    await throwIfSessionIsOver(context, session);
  throw error;
}

/**
 * A refused signature does not tell whether the session is alive, but the public status does.
 * Source: VOUCH-PROTOCOL.md, "Resource tokens".
 */
async function throwIfSessionIsOver(context: VouchContext, session: VouchSession): Promise<void> {
  const { authenticated } = await askStatus(context, session);
  if (authenticated) return;
  throw new VouchError(
    "session-refused",
    `${context.server.key} reports that the session has ended or was revoked.`,
  );
}

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
function boundClient(context: VouchContext, session: VouchSession): Client {
  const key = loadClientKey(context.keyStore);
  if (key?.kid === session.keyId) return { clientId: session.clientId, key };

  throw new VouchError(
    "session-refused",
    `The session of ${session.identity} at ${context.server.key} is bound to a client key that is no longer in the key store.`,
  );
}
