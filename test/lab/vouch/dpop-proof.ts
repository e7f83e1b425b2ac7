import { createHash, type JsonWebKey } from "node:crypto";
import { fitsAlgorithm, hasPrivateMembers, isJwk, publicKeyOf, thumbprintOf } from "./jwk.ts";
import { type Jws, parseJws, verifyJws } from "./jws.ts";
import type { VouchRequest } from "./vouch-request.ts";
import { nowSeconds, type VouchWorld } from "./world.ts";

/**
 * Age at which a proof is too old, in seconds (`VOUCH_DPOP_MAX_AGE`).
 * Source: SERVER-CHECKS.md, "DPoP checks", DP10.
 */
const MAX_AGE = 300;

/** How far `iat` may lie in the future, in seconds. Source: SERVER-CHECKS.md, "DPoP checks", DP10. */
const FORWARD_SKEW = 60;

/** How long a `jti` is remembered, in milliseconds: max age + 60 s. Source: SERVER-CHECKS.md, "DPoP checks", DP6. */
const JTI_RETENTION_MS = (MAX_AGE + 60) * 1000;

/** What a proof proves. */
export interface DpopProof {
  /** Thumbprint of the key that made it. */
  readonly jkt: string;
  /** The AI agent it names, for the session tags of AWS. */
  readonly source: string | undefined;
}

/** What is wrong with a proof. Each endpoint says it in its own way. */
export class ProofProblem extends Error {
  override readonly name = "ProofProblem";
  readonly code: "invalid_dpop_proof" | "use_dpop_nonce";

  constructor(code: "invalid_dpop_proof" | "use_dpop_nonce", message: string) {
    super(message);
    this.code = code;
  }
}

export type ProofPlace =
  | { readonly kind: "token-endpoint" }
  | { readonly kind: "resource"; readonly accessToken: string };

/**
 * Checks DP1 to DP12 of SERVER-CHECKS.md, "DPoP checks", in the order given there. Undefined when there is no proof at
 * all.
 */
export function readProof(
  request: VouchRequest,
  place: ProofPlace,
  world: VouchWorld,
): DpopProof | undefined {
  const lines = request.headers["dpop"];
  if (lines === undefined) return undefined;

  const { jws, jwk } = verifiedProof(lines);
  burn(jws, world);
  const { nonce, source } = jws.claims;
  if (place.kind === "token-endpoint" && nonce === undefined) {
    throw new ProofProblem("use_dpop_nonce", "Authorization server requires nonce in DPoP proof");
  }
  checkBinding(jws, request, world);
  if (place.kind === "resource") checkTokenHash(jws, place.accessToken);
  if (nonce !== undefined) checkNonce(nonce, place, world);

  return { jkt: thumbprintOf(jwk), source: typeof source === "string" && source !== "" ? source : undefined };
}

/** DP1 to DP5. */
function verifiedProof(lines: readonly string[]): { jws: Jws; jwk: JsonWebKey } {
  const [line = ""] = lines;
  if (lines.length !== 1 || !/^[\x21-\x7e]+$/.test(line))
    throw invalid("There must be exactly one DPoP proof");

  const jws = parseJws(line);
  if (jws === undefined || "crit" in jws.header) throw invalid("The DPoP proof is malformed");
  const { jwk, typ, alg } = jws.header;
  if (!isJwk(jwk) || hasPrivateMembers(jwk)) throw invalid("The DPoP proof must carry a public key");
  if (typ !== "dpop+jwt") throw invalid("typ must be dpop+jwt");
  if (typeof alg !== "string" || alg === "RS256" || !fitsAlgorithm(jwk, alg)) {
    throw invalid("The DPoP algorithm is not supported");
  }
  const key = publicKeyOf(jwk);
  if (key === undefined || !verifyJws(jws, alg, key)) throw invalid("The DPoP signature does not verify");
  return { jws, jwk };
}

/** DP6: before the nonce is looked at, so a proof that only lacked its nonce is used up, too. */
function burn({ claims }: Jws, world: VouchWorld): void {
  const { jti } = claims;
  if (typeof jti !== "string" || jti === "") throw invalid("jti is missing");
  if (!world.usedProofs.use(jti, world.clock() + JTI_RETENTION_MS)) {
    throw invalid("The DPoP proof was used before");
  }
}

/** DP8, DP9, DP10. */
function checkBinding({ claims }: Jws, request: VouchRequest, world: VouchWorld): void {
  const { htm, htu, iat } = claims;
  if (typeof htm !== "string" || htm.toUpperCase() !== request.method) throw invalid("htm does not match");
  if (typeof htu !== "string" || normalizedUrl(htu) !== normalizedUrl(world.settings.url + request.path)) {
    throw invalid("htu does not match");
  }
  const now = nowSeconds(world);
  if (typeof iat !== "number" || iat > now + FORWARD_SKEW || now - iat >= MAX_AGE) {
    throw invalid("iat is not acceptable");
  }
}

/** Undefined equals no URL: the expected one always parses. */
function normalizedUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null) return undefined;
  url.search = "";
  url.hash = "";
  return url.href;
}

/** DP11. */
function checkTokenHash({ claims }: Jws, accessToken: string): void {
  const expected = createHash("sha256").update(accessToken).digest("base64url");
  if (claims["ath"] !== expected) throw invalid("ath does not match the access token");
}

/** DP12. */
function checkNonce(nonce: unknown, place: ProofPlace, world: VouchWorld): void {
  const { nonces, settings, faults } = world;
  const known =
    typeof nonce === "string" &&
    (settings.nonceMode === "single-use" ? nonces.consume(nonce) : nonces.accept(nonce));
  const demanded = known && place.kind === "token-endpoint" && faults.nonceDemands > 0;
  if (demanded) faults.nonceDemands -= 1;
  if (!known || demanded) throw new ProofProblem("use_dpop_nonce", "The DPoP nonce is not accepted");
}

function invalid(message: string): ProofProblem {
  return new ProofProblem("invalid_dpop_proof", message);
}
