import { fitsAlgorithm, hasPrivateMembers, isJwk, publicKeyOf } from "./jwk.ts";
import { type Jws, parseJws, verifyJws } from "./jws.ts";
import { invalidClient } from "./refusal.ts";
import { nowSeconds, type RegisteredClient, type VouchWorld } from "./world.ts";

/** Tolerance for `exp`, `nbf` and `iat`, in seconds. Source: SERVER-CHECKS.md, "Client assertion checks", CA9, CA10. */
const SKEW = 10;

/**
 * Longest life of an assertion, in seconds (`VOUCH_JWT_ASSERTION_MAX_LIFETIME`).
 * Source: SERVER-CHECKS.md, "Client assertion checks", CA11.
 */
const MAX_LIFETIME = 300;

/** Source: SERVER-CHECKS.md, "Client assertion checks", CA4. */
const FAPI_ALGORITHMS = ["ES256", "PS256", "EdDSA"];

export interface PresentedAssertion {
  readonly assertion: string;
  /** The form's own `client_id`. */
  readonly clientId: string | undefined;
  /** Path of the endpoint; clients outside FAPI may use its URL as audience. */
  readonly path: string;
}

/**
 * The client that an assertion proves, by checks CA3 to CA14 of SERVER-CHECKS.md, "Client assertion checks". All
 * failures look the same.
 */
export function authenticatedClient(presented: PresentedAssertion, world: VouchWorld): RegisteredClient {
  const jws = parseJws(presented.assertion);
  if (jws === undefined || "crit" in jws.header || carriesPrivateKey(jws)) throw invalidClient();

  const client = namedClient(jws, presented.clientId, world);
  if (!isSignedBy(client, jws)) throw invalidClient();
  if (!isTimely(jws, nowSeconds(world))) throw invalidClient();
  if (!isAddressed(jws, client, presented.path, world)) throw invalidClient();
  burn(jws, client, world);
  return client;
}

function carriesPrivateKey({ header }: Jws): boolean {
  const jwk = header["jwk"];
  return isJwk(jwk) && hasPrivateMembers(jwk);
}

/** CA5, CA6, CA7. */
function namedClient({ claims }: Jws, bodyClientId: string | undefined, world: VouchWorld): RegisteredClient {
  const issuer = claims["iss"];
  if (typeof issuer !== "string" || issuer !== claims["sub"]) throw invalidClient();
  if (bodyClientId !== undefined && bodyClientId !== issuer) throw invalidClient();

  const client = world.clients.get(issuer);
  if (client === undefined || !client.active || client.authMethod !== "private_key_jwt")
    throw invalidClient();
  return client;
}

/** CA4, CA8. */
function isSignedBy(client: RegisteredClient, jws: Jws): boolean {
  const { alg, kid } = jws.header;
  const allowed = client.fapi ? FAPI_ALGORITHMS : [...FAPI_ALGORITHMS, "RS256"];
  if (typeof alg !== "string" || !allowed.includes(alg) || typeof kid !== "string") return false;

  const jwk = client.keys.find((key) => key["kid"] === kid);
  if (jwk === undefined || !fitsAlgorithm(jwk, alg)) return false;
  const key = publicKeyOf(jwk);
  return key !== undefined && verifyJws(jws, alg, key);
}

/** CA9, CA10, CA11. */
function isTimely({ claims }: Jws, now: number): boolean {
  const { exp, nbf, iat } = claims;
  if (typeof exp !== "number" || exp + SKEW < now) return false;
  for (const start of [nbf, iat]) {
    if (start !== undefined && (typeof start !== "number" || start - SKEW > now)) return false;
  }
  return exp - (typeof iat === "number" ? iat : now) <= MAX_LIFETIME;
}

/** CA12. */
function isAddressed({ claims }: Jws, client: RegisteredClient, path: string, world: VouchWorld): boolean {
  const { url } = world.settings;
  if (client.fapi) return claims["aud"] === url;
  return [claims["aud"]].flat().some((audience) => audience === url || audience === url + path);
}

/** CA13, CA14: from here on the assertion is used up, whatever becomes of the request. */
function burn({ claims }: Jws, client: RegisteredClient, world: VouchWorld): void {
  const { jti, exp } = claims;
  if (jti === undefined && !client.fapi) return;
  if (typeof jti !== "string" || jti === "") throw invalidClient();
  const unusableFrom = Number(exp) + SKEW + 1;
  if (!world.usedAssertions.use(`${client.id} ${jti}`, unusableFrom * 1000)) throw invalidClient();
}
