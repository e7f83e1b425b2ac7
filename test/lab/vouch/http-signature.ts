import { createHash, type KeyObject, verify } from "node:crypto";
import { fitsAlgorithm, publicKeyOf } from "./jwk.ts";
import { parseJws } from "./jws.ts";
import { type Refusal, textRefusal } from "./refusal.ts";
import { authorizationToken } from "./resource-token.ts";
import { type CoveredComponents, signatureBase } from "./signature-base.ts";
import { parseDictionary } from "./structured-fields.ts";
import { headerOf, type VouchRequest } from "./vouch-request.ts";
import { nowSeconds, type VouchWorld } from "./world.ts";

/** Labelled after RFC 9421, encoded as DER all the same. Source: token/vouch/VOUCH-PROTOCOL.md, "Message signature". */
const ALGORITHM = "ecdsa-p256-sha256";

/** Oldest `created`, in seconds, and how far it may lie ahead. Source: SERVER-CHECKS.md, "Signature checks", S7. */
const MAX_AGE = 300;
const FORWARD_SKEW = 60;

/** The paths under `/v1` that need no signature. Source: token/vouch/VOUCH-PROTOCOL.md, "Signed calls". */
const PUBLIC_PATHS =
  /^\/v1\/(auth\/status|credentials\/ssh\/ca|credentials\/ssh\/krl(\/[^/]+)?|credentials\/github\/status)$/;

/** By default everything under `/v1` does; `/oauth` never. */
export function needsSignature(path: string): boolean {
  return path.startsWith("/v1/") && !PUBLIC_PATHS.test(path);
}

/** The signature layer in front of the `/v1` handlers: S1 to S11 of SERVER-CHECKS.md, "Signature checks". */
export function checkSignature(request: VouchRequest, world: VouchWorld): void {
  const input = headerOf(request, "signature-input");
  if (input === undefined) throw hinted(request);

  const { label, covered } = firstSignature(input);
  const key = signerKey(request, covered, world);
  const signature = signatureBytes(request, label);
  const alg = covered.parameters.get("alg");
  if (alg !== undefined && (alg.kind !== "string" || alg.value !== ALGORITHM)) throw failed();
  checkTimes(covered, nowSeconds(world));

  const base = signatureBase(covered, request);
  const dsaEncoding = world.settings.signatureEncoding;
  if (base === undefined || !verify("sha256", Buffer.from(base), { key, dsaEncoding }, signature)) {
    throw failed();
  }
  checkCoverage(covered, request);
  consumeNonce(covered, world);
}

/** S2. */
function firstSignature(input: string): { label: string; covered: CoveredComponents } {
  const [first] = parseDictionary(input) ?? [];
  if (first === undefined) throw failed();
  const [label, member] = first;
  if (member.kind !== "inner-list") throw failed();
  return { label, covered: member };
}

/** S3, S4: the key comes from the registration of the client that the access token, not yet verified, names. */
function signerKey(request: VouchRequest, covered: CoveredComponents, world: VouchWorld): KeyObject {
  const keyId = covered.parameters.get("keyid");
  const clientId = parseJws(authorizationToken(request)?.token ?? "")?.claims["client_id"];
  if (keyId?.kind !== "string" || typeof clientId !== "string") throw failed();

  const client = world.clients.get(clientId);
  const jwk = client?.keys.find((key) => key["kid"] === keyId.value);
  const key = jwk !== undefined && fitsAlgorithm(jwk, "ES256") ? publicKeyOf(jwk) : undefined;
  if (key === undefined) throw failed();
  return key;
}

/** S5. */
function signatureBytes(request: VouchRequest, label: string): Buffer {
  const member = parseDictionary(headerOf(request, "signature") ?? "")?.get(label);
  if (member?.kind !== "item" || member.item.bare.kind !== "bytes") throw failed();
  return Buffer.from(member.item.bare.value, "base64");
}

/** S7. */
function checkTimes({ parameters }: CoveredComponents, now: number): void {
  const created = parameters.get("created");
  if (created?.kind !== "integer") throw failed();
  const age = now - Number(created.value);
  if (age > MAX_AGE || -age > FORWARD_SKEW) throw failed();

  const expires = parameters.get("expires");
  if (expires !== undefined && (expires.kind !== "integer" || Number(expires.value) < now)) throw failed();
}

/** S9, S10. A body over 1 MiB never gets here: the server's global limit is lower. */
function checkCoverage({ items }: CoveredComponents, request: VouchRequest): void {
  const names = items.map(({ bare }) => bare.value);
  if (!names.includes("@method") || !names.includes("@path")) throw hinted(request);
  if (request.body.length === 0) return;

  if (!names.includes("content-digest")) throw hinted(request);
  const digest = parseDictionary(headerOf(request, "content-digest") ?? "")?.get("sha-256");
  const expected = createHash("sha256").update(request.body).digest("base64");
  if (digest?.kind !== "item" || digest.item.bare.raw !== `:${expected}:`) throw failed();
}

/** S11. */
function consumeNonce({ parameters }: CoveredComponents, world: VouchWorld): void {
  const nonce = parameters.get("nonce");
  if (nonce === undefined) return;
  if (world.faults.nonceStoreDown) throw textRefusal(500, "internal error");
  if (nonce.kind !== "string" || !world.nonces.consume(nonce.value)) {
    throw failed({ "Signature-Nonce": world.nonces.issue() });
  }
}

function failed(headers: Record<string, string> = {}): Refusal {
  return textRefusal(401, "signature verification failed", headers);
}

/**
 * Tells an unsigned or under-covered request what to cover.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Message signature".
 */
function hinted(request: VouchRequest): Refusal {
  const digest = request.body.length === 0 ? "" : ' "content-digest"';
  const covered = `("@method" "@authority" "@path" "@query" "authorization"${digest})`;
  return failed({ "Accept-Signature": `sig1=${covered};alg="${ALGORITHM}"` });
}
