import type { HttpAnswer } from "../net/http-client.ts";
import { type JsonRecord, jsonRecord, recordMember, textMember } from "./json-record.ts";
import { jwtClaims } from "./jwt-claims.ts";
import type { VouchCall } from "./refusal-table.ts";
import { serverName } from "./server-text.ts";
import { uuidText } from "./uuid-v7.ts";
import type { Client, VouchContext } from "./vouch-context.ts";
import { answerError } from "./vouch-error.ts";
import type { VouchSession } from "./vouch-session.ts";

/** Subtracted from a lifetime given in seconds, in milliseconds. Source: VOUCH-PROTOCOL.md, "Times". */
const EXPIRY_MARGIN_MS = 30_000;

interface SessionAnswer {
  readonly call: VouchCall;
  readonly answer: HttpAnswer;
  /** The user's UUID, from the security key. */
  readonly userHandle?: Uint8Array;
}

/**
 * The session in the answer to a login or an enrolment, checked as far as a client can.
 * Source: VOUCH-PROTOCOL.md, "Login grant" and "Access token".
 */
export function sessionOf(
  context: VouchContext,
  { clientId, key }: Client,
  { call, answer, userHandle }: SessionAnswer,
): VouchSession {
  const asked = { call, server: context.server.key };
  const body = jsonRecord(answer.body);
  const accessToken = textMember(body, "access_token");
  const expiresAt = expiryOf(body, context.clock());
  if (accessToken === undefined) throw answerError(asked, "without an access token");
  if (expiresAt === undefined) throw answerError(asked, "without the lifetime of the session");
  if (textMember(body, "token_type")?.toLowerCase() !== "dpop") {
    throw answerError(asked, "with a token that is not bound to this machine's key");
  }

  const claims = jwtClaims(accessToken);
  const boundTo = textMember(recordMember(claims, "cnf"), "jkt");
  if (boundTo !== undefined && boundTo !== key.kid)
    throw answerError(asked, "with a token bound to a different key");
  const identity = serverName(body?.["email"] ?? claims?.["email"]);
  if (identity === undefined) throw answerError(asked, "without an e-mail address");
  const subject =
    serverName(claims?.["sub"]) ?? (userHandle === undefined ? undefined : uuidText(userHandle));
  if (subject === undefined) throw answerError(asked, "with a token that does not identify a user");

  return {
    server: context.server.base,
    identity,
    subject,
    accessToken,
    clientId,
    keyId: key.kid,
    issuedAt: context.clock(),
    expiresAt,
  };
}

/** `expires_at` if it can be read, else `expires_in` minus the margin. Epoch ms. */
function expiryOf(body: JsonRecord | undefined, nowMs: number): number | undefined {
  const at = Date.parse(textMember(body, "expires_at") ?? "");
  if (!Number.isNaN(at)) return at;

  const seconds = body?.["expires_in"];
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return undefined;
  return nowMs + Math.max(0, seconds * 1000 - EXPIRY_MARGIN_MS);
}
