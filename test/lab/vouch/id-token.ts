import type { JsonObject } from "./json-object.ts";
import { uuidV7 } from "./uuid-v7.ts";
import { nowSeconds, type VouchSession, type VouchWorld } from "./world.ts";

/**
 * Claims that all ID tokens share. Issuers of organisations (`https://acme-com.us.vouch.sh`) are deliberately absent:
 * here the issuer is always the base URL. Source: token/vouch/VOUCH-PROTOCOL.md, "ID token for AWS".
 */
export function idTokenClaims(session: VouchSession, lifetime: number, world: VouchWorld): JsonObject {
  const { user, credential } = session;
  const now = nowSeconds(world);
  return {
    iss: world.settings.url,
    sub: user.email,
    aud: world.settings.url,
    email: user.email,
    email_verified: true,
    iat: now,
    exp: now + lifetime,
    jti: uuidV7(world.clock()),
    hardware_verified: true,
    ...(credential?.aaguid === undefined ? {} : { hardware_aaguid: credential.aaguid }),
    ...(user.domain === undefined ? {} : { hd: user.domain }),
  };
}
