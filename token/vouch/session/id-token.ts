import type { HttpAnswer } from "../../net/http-client.ts";
import { serverName, serverText } from "../../net/server-text.ts";
import { type JsonRecord, jsonRecord, textMember } from "../../record.ts";
import { callOauth } from "../call/call-server.ts";
import { type Asked, answerError, serverRefusal, vouchError } from "../call/vouch-error.ts";
import { extendGrants } from "../register/registration.ts";
import type { VouchContext } from "../sign/vouch-context.ts";
import { callSigned, sessionClient } from "./session-calls.ts";
import { jwtClaims, type VouchSession } from "./vouch-session.ts";

/** Source: VOUCH-PROTOCOL.md, "Names". */
const TOKEN_EXCHANGE_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";
const ID_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:id_token";

/** Source: VOUCH-PROTOCOL.md, "ID token for AWS". */
const ROLES_CLAIM = "https://aws.amazon.com/roles";

/** A signed statement of who the user is. A bearer credential, which is kept only in memory. */
export interface IdToken {
  readonly idToken: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** An ID token for AWS, with the name by which AWS will know the user. */
export interface AwsIdToken extends IdToken {
  readonly subject: string;
}

/**
 * An ID token for STS, pinned to the role that the next call assumes.
 * Source: VOUCH-PROTOCOL.md, "ID token for AWS".
 */
export async function awsIdToken(
  context: VouchContext,
  session: VouchSession,
  roleArn: string,
): Promise<AwsIdToken> {
  const asked = { call: "awsToken", server: context.server.key } as const;
  const path = `/v1/credentials/aws/token?role_arn=${encodeURIComponent(roleArn)}` as const;
  const answer = await callSigned(context, session, { call: asked.call, path });

  const { token, claims, expiresAt } = tokenIn(answer, { context, asked, member: "id_token" });
  const { iss, aud, [ROLES_CLAIM]: roles } = claims;
  const subject = serverName(claims["sub"]);
  if (typeof iss !== "string" || aud !== iss) throw answerError(asked, "with a token that is not for AWS");
  if (subject === undefined) throw answerError(asked, "with a token that does not identify a user");
  if (roles !== undefined && !(Array.isArray(roles) && roles.includes(roleArn))) {
    throw answerError(asked, `with a token pinned to a role other than ${roleArn}`);
  }
  return { idToken: token, subject, expiresAt };
}

/**
 * A short-lived ID token for another audience; by default the issuer's own.
 * Source: VOUCH-PROTOCOL.md, "Token exchange".
 */
export async function exchangeIdToken(
  context: VouchContext,
  session: VouchSession,
  audience: string | undefined,
): Promise<IdToken> {
  const asked = { call: "exchange", server: context.server.key } as const;
  const client = sessionClient(context, session);
  const fields = {
    grant_type: TOKEN_EXCHANGE_GRANT,
    subject_token: session.accessToken,
    subject_token_type: ACCESS_TOKEN_TYPE,
    requested_token_type: ID_TOKEN_TYPE,
    client_id: client.clientId,
    ...(audience === undefined ? {} : { audience }),
  };
  const ask = () => callOauth(context, { path: "/oauth/token", client, fields, dpop: "with-nonce" });

  const first = await ask();
  const isGrantMissing = serverRefusal(first).name === "unauthorized_client";
  const answer = isGrantMissing && (await extendGrants(context, client)) ? await ask() : first;
  if (answer.status !== 200) throw vouchError(answer, asked);

  const { token, claims, expiresAt } = tokenIn(answer, { context, asked, member: "access_token" });
  if (audience !== undefined && ![claims["aud"]].flat().includes(audience)) {
    throw answerError(asked, `with a token for an audience other than ${serverText(audience)}`);
  }
  return { idToken: token, expiresAt };
}

/** The token in an answer, and its claims. It ends at the earlier of the times in the answer and in the token itself. */
function tokenIn(
  answer: HttpAnswer,
  {
    context,
    asked,
    member,
  }: { readonly context: VouchContext; readonly asked: Asked; readonly member: string },
) {
  const body = jsonRecord(answer.body);
  const token = textMember(body, member);
  const claims = token === undefined ? undefined : jwtClaims(token);
  if (token === undefined || claims === undefined) throw answerError(asked, "without a readable token");

  const expiresAt = expiryOf(body, claims, context.clock());
  if (expiresAt === undefined) throw answerError(asked, "without the lifetime of the token");
  if (expiresAt <= context.clock()) throw answerError(asked, "with a token that has already expired");
  return { token, claims, expiresAt };
}

function expiryOf(body: JsonRecord | undefined, claims: JsonRecord, nowMs: number): number | undefined {
  const { exp } = claims;
  const seconds = body?.["expires_in"];
  if (typeof exp !== "number") return undefined;
  return typeof seconds === "number" ? Math.min(exp * 1000, nowMs + seconds * 1000) : exp * 1000;
}
