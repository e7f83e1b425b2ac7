import { fitsAlgorithm, hasPrivateMembers, isJwk, publicKeyOf, thumbprintOf } from "../../vouch/jwk.ts";
import { parseJws, verifyJws } from "../../vouch/jws.ts";
import type { OpenCall } from "../open-service.ts";
import { invalid } from "./refusal.ts";

/** How old or early a proof may be, in seconds; AWS does not tell. */
const SKEW_SECONDS = 300;

/**
 * The thumbprint of the key that proves this request. Source: RFC 9449, 4.3; that there must be a proof:
 * cloudposse/atmos#2542.
 */
export function provenKey({ request, now }: OpenCall): string {
  const jws = parseJws(request.headers["dpop"] ?? "");
  const { jwk, typ, alg } = jws?.header ?? {};
  if (!jws || typ !== "dpop+jwt" || alg !== "ES256" || !isJwk(jwk) || hasPrivateMembers(jwk))
    throw wrongProof();
  const key = fitsAlgorithm(jwk, alg) ? publicKeyOf(jwk) : undefined;
  if (!key || !verifyJws(jws, alg, key)) throw wrongProof();
  const { jti, htm, htu, iat } = jws.claims;
  const target = `https://${request.headers["host"]}${request.path}`;
  const fresh = typeof iat === "number" && Math.abs(now.getTime() / 1000 - iat) <= SKEW_SECONDS;
  if (typeof jti !== "string" || htm !== request.method || htu !== target || !fresh) throw wrongProof();
  return thumbprintOf(jwk);
}

function wrongProof() {
  return invalid("The DPoP proof is missing or invalid");
}
