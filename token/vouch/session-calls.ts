import { jsonRecord } from "./json-record.ts";
import { callOauth } from "./oauth-call.ts";
import { callResource } from "./resource-call.ts";
import { serverName } from "./server-text.ts";
import { boundClient } from "./session-client.ts";
import type { VouchContext } from "./vouch-context.ts";
import { answerError, vouchError } from "./vouch-error.ts";
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
