import { apiRefusal } from "../refusal.ts";
import { jsonReply, type Reply } from "../reply.ts";
import { stepUp } from "../resource-token.ts";
import type { VouchRequest } from "../vouch-request.ts";
import { nowSeconds, type VouchCredential, type VouchUser, type VouchWorld } from "../world.ts";
import { accountCaller } from "./key-registration.ts";

/** How old a login may be that removes a key, in seconds. Source: SERVER-CHECKS.md, "Registered keys". */
const FRESH_SECONDS = 60;

/** `GET /v1/keys`. Models are deliberately absent: the stand-in knows none. Source: SERVER-CHECKS.md, "Registered keys". */
export function listKeys(request: VouchRequest, world: VouchWorld): Reply {
  const { user, session } = accountCaller(request, world);
  const keys = keysOf(user, world).map((key) => ({
    id: key.keyId,
    name: key.name ?? "",
    created_at: new Date(key.createdAt).toISOString(),
    is_current_session: session.credential?.keyId === key.keyId,
    device_model: null,
    aaguid: key.aaguid ?? null,
  }));
  return jsonReply(200, { keys });
}

/** `DELETE /v1/keys/{id}`: ends the sessions that began with the key, too. Source: SERVER-CHECKS.md, "Registered keys". */
export function deleteKey(request: VouchRequest, world: VouchWorld): Reply {
  const id = decodeURIComponent(request.path.slice(request.path.lastIndexOf("/") + 1));
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
    throw apiRefusal(400, "invalid_key_id", "Key ID must be a valid UUID");
  const { user, session } = accountCaller(request, world);
  const age = nowSeconds(world) - session.authTime;
  if (!session.hardwareVerified || age >= FRESH_SECONDS) throw stepUp(FRESH_SECONDS);

  const keys = keysOf(user, world);
  const key = keys.find(({ keyId }) => keyId === id);
  if (key === undefined) throw apiRefusal(404, "not_found", "Key not found");
  if (keys.length === 1) throw apiRefusal(400, "last_key", "The last key cannot be removed");
  world.credentials.delete(key.id);
  const ended = [...world.sessions].filter(([, one]) => one.credential?.keyId === id);
  for (const [hash] of ended) world.sessions.delete(hash);
  return jsonReply(200, {
    message: `Key '${key.name ?? ""}' has been deleted`,
    sessions_revoked: ended.length,
    current_session_revoked: session.credential?.keyId === id,
  });
}

function keysOf(user: VouchUser, world: VouchWorld): VouchCredential[] {
  return [...world.credentials.values()].filter(({ userId }) => userId === user.id);
}
