import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { JsonObject } from "./json-object.ts";
import { jwsSigningInput, parseJws } from "./jws.ts";
import { nowSeconds, type VouchWorld } from "./world.ts";

/** How long a challenge and its state are good, in seconds. Source: token/vouch/VOUCH-PROTOCOL.md, "Challenge". */
const STATE_LIFETIME = 300;

/**
 * `typ` of the two kinds of state. The login's is the protocol's, the other our own.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Challenge".
 */
export type StateType = "vouch-fido2-challenge+jwt" | "vouch-key-registration+jwt";

export interface MintedState {
  /** base64url of 32 random bytes. */
  readonly challenge: string;
  readonly state: string;
}

/** A fresh challenge inside an HS256 token that only this server can make and read. */
export function mintState(typ: StateType, binding: JsonObject, world: VouchWorld): MintedState {
  const challenge = randomBytes(32);
  const now = nowSeconds(world);
  const claims = {
    challenge: [...challenge],
    rp_id: world.settings.rpId,
    ...binding,
    iat: now,
    exp: now + STATE_LIFETIME,
  };
  const input = jwsSigningInput({ typ, alg: "HS256" }, claims);
  return {
    challenge: challenge.toString("base64url"),
    state: `${input}.${mac(input, world).toString("base64url")}`,
  };
}

/** The claims of a state that is ours, of this type and not expired. Whether it was used is another question. */
export function readState(typ: StateType, state: string, world: VouchWorld): JsonObject | undefined {
  const jws = parseJws(state);
  if (jws?.header["typ"] !== typ || jws.header["alg"] !== "HS256") return undefined;
  const expected = mac(jws.signingInput.toString(), world);
  if (jws.signature.length !== expected.length || !timingSafeEqual(jws.signature, expected)) return undefined;
  const { exp } = jws.claims;
  return typeof exp === "number" && exp > nowSeconds(world) ? jws.claims : undefined;
}

/** False when it was consumed before. */
export function consumeState(state: string, world: VouchWorld): boolean {
  return world.usedStates.use(state, world.clock() + (STATE_LIFETIME + 1) * 1000);
}

/** The challenge a state was minted for, as client data carries it. */
export function challengeOf(claims: JsonObject): string {
  const bytes = claims["challenge"];
  return Buffer.from(Array.isArray(bytes) ? bytes : []).toString("base64url");
}

function mac(input: string, world: VouchWorld): Buffer {
  return createHmac("sha256", world.stateSecret).update(input).digest();
}
