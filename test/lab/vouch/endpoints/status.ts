import { liveSession } from "../access-token.ts";
import { jsonReply, type Reply } from "../reply.ts";
import { authorizationToken } from "../resource-token.ts";
import type { VouchRequest } from "../vouch-request.ts";
import { nowSeconds, type VouchWorld } from "../world.ts";

/**
 * `GET /v1/auth/status`: always 200; public, and no proof is looked at.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Session status".
 */
export function status(request: VouchRequest, world: VouchWorld): Reply {
  const session = liveSession(authorizationToken(request)?.token ?? "", world);
  return jsonReply(200, {
    authenticated: session !== undefined,
    email: session?.user.email ?? null,
    expires_in_seconds: session === undefined ? null : session.expires - nowSeconds(world),
    device_name: session?.credential?.name ?? null,
  });
}
