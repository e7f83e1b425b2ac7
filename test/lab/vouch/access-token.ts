import { createHash } from "node:crypto";
import { signJws } from "./jws.ts";
import { uuidV7 } from "./uuid-v7.ts";
import { nowSeconds, type VouchSession, type VouchWorld } from "./world.ts";

/** Signs an access token and keeps its session row. Source: token/vouch/VOUCH-PROTOCOL.md, "Access token". */
export function issueAccessToken(session: VouchSession, world: VouchWorld): string {
  const { user, scopes } = session;
  const now = nowSeconds(world);
  const token = signJws(
    { typ: "at+jwt", alg: "ES256", kid: world.ecKey.kid },
    {
      iss: world.settings.url,
      sub: user.id,
      aud: session.audience,
      client_id: session.clientId,
      iat: now,
      nbf: now,
      exp: session.expires,
      jti: uuidV7(world.clock()),
      scope: scopes.join(" "),
      ...(scopes.includes("email") ? { email: user.email, email_verified: true } : {}),
      hardware_verified: session.hardwareVerified,
      auth_time: session.authTime,
      ...(session.jkt === undefined ? {} : { cnf: { jkt: session.jkt } }),
      amr: ["hwk", "pin", "user"],
      acr: "urn:nist:authentication:assurance-level:aal3",
    },
    world.ecKey.privateKey,
  );
  world.sessions.set(tokenHash(token), session);
  return token;
}

/**
 * The session of a token, unless it is over. Rows are found by the hash of the token as it was issued: one that was
 * changed, or that somebody else signed, has none.
 */
export function liveSession(token: string, world: VouchWorld): VouchSession | undefined {
  const session = world.sessions.get(tokenHash(token));
  return session !== undefined && session.expires > nowSeconds(world) ? session : undefined;
}

/** Deletes the row if the token belongs to this client; whether it did is nobody's business. */
export function revokeToken(token: string, clientId: string, world: VouchWorld): void {
  const hash = tokenHash(token);
  if (world.sessions.get(hash)?.clientId === clientId) world.sessions.delete(hash);
}

function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
