import { decodeJwt } from "jose";
import type { Endpoints } from "../../endpoints/endpoints.ts";
import { unlessThrown } from "../../errors/errors.ts";
import type { HttpAnswer } from "../../net/http-client.ts";
import { serverName } from "../../net/server-text.ts";
import { type JsonRecord, jsonRecord, recordMember, textMember } from "../../record.ts";
import type { VouchCall } from "../call/refusal-table.ts";
import { answerError } from "../call/vouch-error.ts";
import { uuidText } from "../sign/nonces.ts";
import type { Client, VouchContext } from "../sign/vouch-context.ts";

/** The result of a login, which every later call needs. The access token in it is a secret. */
export interface VouchSession {
  /** The server's address, as in `ServerUrl.base`. */
  readonly server: string;
  /** Who logged in: the e-mail address. */
  readonly identity: string;
  /** The user's UUID at the server. */
  readonly subject: string;
  readonly accessToken: string;
  readonly clientId: string;
  /** Fingerprint of the client key that the access token is bound to. */
  readonly keyId: string;
  /** Epoch ms. */
  readonly issuedAt: number;
  /** Epoch ms, with a margin already subtracted. The server can end the session earlier. */
  readonly expiresAt: number;
  /** Where its secrets may be sent, kept with them: anyone who could change this could also read them. */
  readonly endpoints?: Endpoints;
}

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

/**
 * The claims of a JSON web token, unverified: they are used for display and sanity checks, never for trust. Undefined if the text
 * is not such a token.
 */
export function jwtClaims(token: string): JsonRecord | undefined {
  return unlessThrown(() => decodeJwt(token), undefined);
}
