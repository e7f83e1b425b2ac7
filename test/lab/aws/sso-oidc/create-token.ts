import { randomBytes } from "node:crypto";
import type { SsoClient, SsoSession } from "../../identity-center-model.ts";
import type { OpenCall } from "../open-service.ts";
import type { AwsReply } from "../request.ts";
import { jsonReply } from "../rest-json.ts";
import { redeemCode } from "./authorization-code.ts";
import { ACCOUNT_ACCESS, GRANT, mayUse, requireClient } from "./clients.ts";
import { redeemDevice } from "./device-grant.ts";
import { refusal, requireText } from "./refusal.ts";

/** CreateToken, for each of the three grants. */
export function createToken(call: OpenCall): AwsReply {
  const client = requireClient(call);
  const grant = requireText(call, "grantType");
  const known: readonly string[] = Object.values(GRANT);
  if (!known.includes(grant)) throw refusal("UnsupportedGrantTypeException");
  if (!mayUse(client, grant)) throw refusal("UnauthorizedClientException");
  if (grant === GRANT.refresh) return tokens(call, refreshable(call, client));
  const userName = grant === GRANT.code ? redeemCode(call, client) : redeemDevice(call, client);
  return tokens(call, beginSession(call, client, userName));
}

function beginSession({ world, now }: OpenCall, client: SsoClient, userName: string): SsoSession {
  const { sessionSeconds, sessions } = world.identityCenter;
  const session: SsoSession = {
    userName,
    clientId: client.id,
    expires: new Date(now.getTime() + sessionSeconds * 1000),
    accessTokens: [],
    refreshToken: mayRefresh(client) ? newToken() : undefined,
  };
  sessions.push(session);
  return session;
}

/**
 * Only a client that asked for access to accounts is given refresh tokens. Source: AWS CLI User Guide, sso_registration_scopes.
 */
function mayRefresh(client: SsoClient): boolean {
  return client.scopes.includes(ACCOUNT_ACCESS) && mayUse(client, GRANT.refresh);
}

/** The session of the refresh token; it gets a new one, and the old one becomes invalid. */
function refreshable(call: OpenCall, client: SsoClient): SsoSession {
  const token = requireText(call, "refreshToken");
  const session = call.world.identityCenter.sessions.find(({ refreshToken }) => refreshToken === token);
  if (session?.clientId !== client.id || session.expires <= call.now)
    throw refusal("InvalidGrantException", "Invalid refresh token provided");
  session.refreshToken = newToken();
  return session;
}

function tokens({ world, now }: OpenCall, session: SsoSession): AwsReply {
  const left = Math.floor((session.expires.getTime() - now.getTime()) / 1000);
  const { accessTokenSeconds } = world.identityCenter;
  const expiresIn = session.refreshToken === undefined ? left : Math.min(left, accessTokenSeconds);
  const token = newToken();
  session.accessTokens.push({ token, expires: new Date(now.getTime() + expiresIn * 1000) });
  return jsonReply(200, {
    accessToken: token,
    tokenType: "Bearer",
    expiresIn,
    ...(session.refreshToken === undefined ? {} : { refreshToken: session.refreshToken }),
  });
}

function newToken(): string {
  return `aoaAAAAAG${randomBytes(180).toString("base64url")}`;
}
