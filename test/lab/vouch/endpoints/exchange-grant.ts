import { liveSession } from "../access-token.ts";
import type { Form } from "../form.ts";
import { authenticateGrant, type GrantAuthentication, type TokenRequest } from "../grant-authentication.ts";
import { idTokenClaims } from "../id-token.ts";
import { signJws } from "../jws.ts";
import { invalidGrant, invalidRequest, oauthRefusal } from "../refusal.ts";
import { jsonReply, NO_STORE, type Reply } from "../reply.ts";
import { isNewest } from "../settings.ts";
import { nowSeconds, type VouchSession, type VouchWorld } from "../world.ts";

const TOKEN_TYPE = "urn:ietf:params:oauth:token-type:";
const KNOWN_TYPES = ["access_token", "id_token", "jwt"].map((name) => TOKEN_TYPE + name);
const ID_TOKEN = `${TOKEN_TYPE}id_token`;

/** Longest life of an exchanged ID token, in seconds. Source: token/vouch/VOUCH-PROTOCOL.md, "Token exchange". */
const MAX_LIFETIME = 600;

/** `POST /oauth/token` with the token-exchange grant. Source: token/vouch/VOUCH-PROTOCOL.md, "Token exchange". */
export function exchangeGrant(asked: TokenRequest, world: VouchWorld): Reply {
  const authentication = authenticateGrant(asked, world);
  const wanted = wantedToken(asked.form);
  const session = subjectSession(asked.form, authentication, world);
  world.counts.exchangedTokens += 1;
  return idTokenAnswer(session, wanted.audience, world);
}

interface WantedToken {
  readonly audience: string | undefined;
}

function wantedToken(form: Form): WantedToken {
  const [audience, resource] = [form.get("audience"), form.get("resource")];
  if (audience !== undefined && resource !== undefined && audience !== resource) {
    throw oauthRefusal(400, "invalid_target", "audience and resource differ");
  }
  if (form.get("subject_token") === undefined) throw invalidRequest("subject_token is missing");
  const type = knownType(form, "requested_token_type");
  knownType(form, "subject_token_type");
  // The server also has narrower access tokens, which our client does not request.
  if (type !== ID_TOKEN) throw invalidRequest("the stand-in exchanges for ID tokens only");
  if (form.has("actor_token")) throw invalidRequest("actor_token does not go with an id_token");
  return { audience: audience ?? resource };
}

function knownType(form: Form, name: string): string {
  const type = form.get(name);
  if (type === undefined || !KNOWN_TYPES.includes(type)) throw invalidRequest(`${name} is not supported`);
  return type;
}

/** The session of the subject token; a bound one can be exchanged only with its own DPoP key. */
function subjectSession(form: Form, { proof }: GrantAuthentication, world: VouchWorld): VouchSession {
  const session = liveSession(form.get("subject_token") ?? "", world);
  const bound = session?.jkt !== undefined;
  if (session === undefined || (bound && session.jkt !== proof?.jkt)) {
    throw invalidGrant("The subject token is invalid or expired");
  }
  if (world.users.get(session.user.id)?.active !== true) throw invalidGrant("The user is not active");
  return session;
}

/** An ES256 token without any AWS claim, in the place of the access token; no session row, not revocable. */
function idTokenAnswer(session: VouchSession, audience: string | undefined, world: VouchWorld): Reply {
  if (!session.hardwareVerified) {
    throw oauthRefusal(400, "access_denied", "The session is not verified by hardware");
  }
  const lifetime = Math.min(MAX_LIFETIME, session.expires - nowSeconds(world));
  const claims = idTokenClaims(session, lifetime, world);
  const token = signJws(
    { typ: "JWT", alg: "ES256", kid: world.ecKey.kid },
    audience === undefined ? claims : { ...claims, aud: audience },
    world.ecKey.privateKey,
  );
  const older = world.faults.oldTokenType || !isNewest(world.settings.era);
  const answer = {
    access_token: token,
    issued_token_type: ID_TOKEN,
    token_type: older ? "Bearer" : "N_A",
    expires_in: lifetime,
  };
  return jsonReply(200, answer, NO_STORE);
}
