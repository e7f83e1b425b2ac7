import { liveSession } from "./access-token.ts";
import { ProofProblem, readProof } from "./dpop-proof.ts";
import { Refusal } from "./refusal.ts";
import { jsonReply } from "./reply.ts";
import { isNewest } from "./settings.ts";
import { headerOf, type VouchRequest } from "./vouch-request.ts";
import type { VouchSession, VouchWorld } from "./world.ts";

export interface ResourceCaller {
  readonly session: VouchSession;
  /** The AI agent that the DPoP proof named. */
  readonly source: string | undefined;
}

type Scheme = "DPoP" | "Bearer";

/**
 * Who calls a protected `/v1` endpoint: the token checks of token/vouch/VOUCH-PROTOCOL.md, "Resource tokens", after the
 * signature layer. The session cookie is deliberately absent: that layer refuses a request whose token is not in
 * `Authorization`.
 */
export function resourceCaller(request: VouchRequest, world: VouchWorld): ResourceCaller {
  const presented = authorizationToken(request);
  if (presented === undefined) throw refused(world, "unauthorized", "Authentication required");

  const session = liveSession(presented.token, world);
  if (session === undefined || !covers(session, request.path, world)) {
    throw refused(world, "invalid_token", "The access token is invalid or expired");
  }
  const source = provenSource(request, { ...presented, session }, world);
  if (world.faults.stepUp) throw stepUp(300);
  return { session, source };
}

/** A token in `Authorization`, by scheme (any case). */
export function authorizationToken(request: VouchRequest): { scheme: Scheme; token: string } | undefined {
  const [, scheme, token] = /^(dpop|bearer) +(\S+)$/i.exec(headerOf(request, "authorization") ?? "") ?? [];
  if (scheme === undefined || token === undefined) return undefined;
  return { scheme: scheme.toLowerCase() === "dpop" ? "DPoP" : "Bearer", token };
}

/** A token whose audience is not its client was narrowed by an exchange, to the base URL or a path below it. */
function covers({ clientId, audience }: VouchSession, path: string, world: VouchWorld): boolean {
  if (audience === clientId) return true;
  const called = world.settings.url + path;
  return called === audience || called.startsWith(`${audience}/`);
}

interface Presented {
  readonly scheme: Scheme;
  readonly token: string;
  readonly session: VouchSession;
}

function provenSource(request: VouchRequest, presented: Presented, world: VouchWorld): string | undefined {
  const { scheme, token, session } = presented;
  if (session.jkt === undefined && scheme === "Bearer") return undefined;
  if (scheme === "Bearer") throw refused(world, "invalid_token", "The access token is bound to a DPoP key");

  try {
    const proof = readProof(request, { kind: "resource", accessToken: token }, world);
    if (proof === undefined) throw new ProofProblem("invalid_dpop_proof", "There is no DPoP proof");
    if (proof.jkt !== session.jkt) throw refused(world, "invalid_token", "The DPoP key is not the token's");
    return proof.source;
  } catch (error) {
    if (!(error instanceof ProofProblem)) throw error;
    throw refused(world, error.code, error.message);
  }
}

/**
 * Newer servers name a bad proof, and challenge in `WWW-Authenticate`.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Resource tokens" and "Versions".
 */
function refused(world: VouchWorld, code: string, message: string): Refusal {
  const nonce = code === "use_dpop_nonce" ? { "DPoP-Nonce": world.nonces.issue() } : {};
  if (!isNewest(world.settings.era)) {
    const olderCode = code === "invalid_dpop_proof" ? "invalid_token" : code;
    return new Refusal(jsonReply(401, { code: olderCode, message }, nonce));
  }
  const challenge = `DPoP error="${code}",error_description="${message}",algs="ES256 PS256 EdDSA"`;
  return new Refusal(jsonReply(401, { code, message }, { "WWW-Authenticate": challenge, ...nonce }));
}

/** A login younger than so many seconds is wanted. Source: token/vouch/VOUCH-PROTOCOL.md, "Resource tokens"; RFC 9470, 3. */
export function stepUp(maxAge: number): Refusal {
  const message = "A more recent authentication is required";
  const challenge =
    `DPoP error="insufficient_user_authentication",error_description="${message}",max_age="${maxAge}",` +
    'acr_values="urn:nist:authentication:assurance-level:aal3"';
  return new Refusal(
    jsonReply(401, { code: "insufficient_user_authentication", message }, { "WWW-Authenticate": challenge }),
  );
}
