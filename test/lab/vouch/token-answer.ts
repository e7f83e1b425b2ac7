import { issueAccessToken } from "./access-token.ts";
import { jsonReply, NO_STORE, type Reply } from "./reply.ts";
import {
  nowSeconds,
  type VouchCredential,
  type VouchSession,
  type VouchUser,
  type VouchWorld,
} from "./world.ts";

/** Scopes of this server; a request without `scope` gets all of them. */
const SCOPES = ["openid", "email"];

export interface NewSession {
  readonly user: VouchUser;
  readonly clientId: string;
  readonly scope: string | undefined;
  readonly jkt: string | undefined;
  readonly hardwareVerified: boolean;
  readonly credential?: VouchCredential;
  readonly deviceCode?: string;
}

/** A session that begins now and lasts `VOUCH_SESSION_HOURS`. */
export function beginSession(begun: NewSession, world: VouchWorld): VouchSession {
  const { user, clientId, scope, jkt, hardwareVerified, credential, deviceCode } = begun;
  const now = nowSeconds(world);
  const asked = scope?.split(" ");
  world.counts.logins += 1;
  return {
    user,
    clientId,
    audience: clientId,
    scopes: SCOPES.filter((one) => asked === undefined || asked.includes(one)),
    jkt,
    hardwareVerified,
    credential,
    authTime: now,
    expires: now + world.settings.sessionSeconds,
    deviceCode,
  };
}

/** The 200 of a login. Source: token/vouch/VOUCH-PROTOCOL.md, "Login grant". */
export function tokenAnswer(session: VouchSession, world: VouchWorld): Reply {
  const { faults } = world;
  const answer = {
    access_token: issueAccessToken(session, world),
    token_type: session.jkt === undefined ? "Bearer" : "DPoP",
    expires_in: session.expires - nowSeconds(world),
    scope: session.scopes.join(" "),
    ...(faults.missingEmail ? {} : { email: session.user.email }),
    id_token: null,
    ...(faults.expiresAt === undefined ? {} : { expires_at: faults.expiresAt }),
  };
  return jsonReply(200, answer, NO_STORE);
}
