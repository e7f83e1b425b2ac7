import { VouchError } from "../errors/errors.ts";
import type { HttpAnswer } from "../net/http-client.ts";
import type { VouchCall } from "./refusal-table.ts";
import { callResource, type ResourceCall } from "./resource-call.ts";
import { isSignatureRefusal } from "./server-refusal.ts";
import { askStatus } from "./session-calls.ts";
import { sessionClient } from "./session-client.ts";
import type { VouchContext } from "./vouch-context.ts";
import { vouchError } from "./vouch-error.ts";
import type { VouchSession } from "./vouch-session.ts";

export type SignedCall = Omit<ResourceCall, "key" | "accessToken" | "signed"> & { readonly call: VouchCall };

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
