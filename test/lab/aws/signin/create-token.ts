import { createHash, randomBytes } from "node:crypto";
import type { SignInSession } from "../../model.ts";
import { findRole } from "../caller.ts";
import type { OpenCall } from "../open-service.ts";
import type { AwsReply } from "../request.ts";
import { jsonReply } from "../rest-json.ts";
import { issuePlainSession } from "../sts/issue-session.ts";
import { provenKey } from "./dpop.ts";
import { denied, invalid } from "./refusal.ts";

/** Source: service models of Signin, AccessToken, ExpiresIn. */
const KEY_SECONDS = 900;
/** Source: service models of Signin, ClientId. */
const CLIENT_ID = /^arn:aws:signin:::devtools\/(cross-device|same-device)$/;
/** Source: service models of Signin, CodeVerifier. */
const VERIFIER = /^[\w.~-]{43,128}$/;

/** CreateOAuth2Token: keys of a quarter of an hour, and a refresh token that takes the place of the one shown. */
export function createOAuth2Token(call: OpenCall): AwsReply {
  const keyThumbprint = provenKey(call);
  const { clientId, grantType } = call.body;
  if (typeof clientId !== "string" || !CLIENT_ID.test(clientId)) throw invalid();
  if (grantType === "authorization_code") {
    const session = redeemed(call, clientId);
    return keys(call, { ...session, code: undefined, keyThumbprint });
  }
  if (grantType !== "refresh_token") throw invalid();
  const session = taken(call, "refreshToken", clientId);
  if (session.code !== undefined || session.keyThumbprint !== keyThumbprint) throw invalid();
  if (session.expires <= call.now) throw denied("TOKEN_EXPIRED");
  if (session.refusal !== undefined) throw denied(session.refusal);
  call.world.signInSessions.delete(String(call.body["refreshToken"]));
  return keys(call, session);
}

/** A code is gone when it has been shown, also with a wrong verifier. */
function redeemed(call: OpenCall, clientId: string): SignInSession {
  const session = taken(call, "code", clientId);
  const { redirectUri, codeVerifier } = call.body;
  if (session.code === undefined || typeof codeVerifier !== "string" || !VERIFIER.test(codeVerifier))
    throw invalid();
  call.world.signInSessions.delete(String(call.body["code"]));
  const challenge = createHash("sha256").update(codeVerifier).digest("base64url");
  if (session.code.redirectUri !== redirectUri || session.code.challenge !== challenge) throw invalid();
  if (session.code.expires <= call.now) throw denied("AUTHCODE_EXPIRED");
  return session;
}

function taken({ world, body }: OpenCall, member: "code" | "refreshToken", clientId: string): SignInSession {
  const value = body[member];
  const session = typeof value === "string" ? world.signInSessions.get(value) : undefined;
  if (session?.clientId !== clientId) throw invalid();
  return session;
}

function keys(call: OpenCall, session: SignInSession): AwsReply {
  const role = findRole(call.world, session.roleArn);
  if (!role) throw denied("INSUFFICIENT_PERMISSIONS");
  const left = Math.floor((session.expires.getTime() - call.now.getTime()) / 1000);
  const expiresIn = Math.min(left, KEY_SECONDS);
  const { sessionName } = session;
  const { accessKeyId, secretAccessKey, sessionToken } = issuePlainSession(call, role, {
    sessionName,
    seconds: expiresIn,
  });
  const refreshToken = randomBytes(400).toString("base64url");
  call.world.signInSessions.set(refreshToken, session);
  const accessToken = { accessKeyId, secretAccessKey, sessionToken };
  return jsonReply(200, { accessToken, tokenType: "aws_sigv4", expiresIn, refreshToken });
}
