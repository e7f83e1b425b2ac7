import { revokeToken } from "../access-token.ts";
import { authenticateClient } from "../client-authentication.ts";
import { readForm } from "../form.ts";
import { invalidRequest } from "../refusal.ts";
import { emptyReply, type Reply } from "../reply.ts";
import type { VouchRequest } from "../vouch-request.ts";
import type { VouchWorld } from "../world.ts";

/**
 * `POST /oauth/revoke`: 200 also for a token that is unknown or another client's.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Revocation".
 */
export function revoke(request: VouchRequest, world: VouchWorld): Reply {
  const form = readForm(request);
  const client = authenticateClient(request, form, world);
  const token = form.get("token");
  if (token === undefined) throw invalidRequest("token is missing");
  revokeToken(token, client.id, world);
  return emptyReply(200);
}
