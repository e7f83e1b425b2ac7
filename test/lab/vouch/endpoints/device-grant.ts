import type { DpopProof } from "../dpop-proof.ts";
import { authenticateGrant, type TokenRequest } from "../grant-authentication.ts";
import { invalidGrant, oauthRefusal } from "../refusal.ts";
import type { Reply } from "../reply.ts";
import { isNewest } from "../settings.ts";
import { beginSession, tokenAnswer } from "../token-answer.ts";
import { tokenEndpointProof } from "../token-endpoint-proof.ts";
import type { DeviceGrant, VouchWorld } from "../world.ts";

/** Longest device code that is looked up. Source: token/vouch/VOUCH-PROTOCOL.md, "Sizes". */
const MAX_DEVICE_CODE = 128;

/** `POST /oauth/token` with the device_code grant. Source: SERVER-CHECKS.md, "Device grant". */
export function deviceGrant(asked: TokenRequest, world: VouchWorld): Reply {
  const { clientId, proof } = poller(asked, world);
  const code = asked.form.get("device_code") ?? "";
  const row = code.length <= MAX_DEVICE_CODE ? world.devices.get(code) : undefined;
  if (row === undefined || row.clientId !== clientId) throw invalidGrant("The device code is not valid");
  if (row.status === "consumed") throw replayed(row, world);
  checkPoll(row, world);

  const user = world.users.get(row.userId ?? "");
  row.status = "consumed";
  if (user?.active !== true) throw invalidGrant("The user is not active");
  const { hardwareVerified, deviceCode } = row;
  const scope = asked.form.get("scope");
  const begun = { user, clientId: clientId ?? "", scope, jkt: proof?.jkt, hardwareVerified, deviceCode };
  return tokenAnswer(beginSession(begun, world), world);
}

/** In era A anybody who knows the code may poll, with or without a proof. */
function poller(
  asked: TokenRequest,
  world: VouchWorld,
): { clientId: string | undefined; proof: DpopProof | undefined } {
  if (world.settings.era === "A") {
    return { clientId: asked.form.get("client_id"), proof: tokenEndpointProof(asked.request, world) };
  }
  const { client, proof } = authenticateGrant(asked, world);
  return { clientId: client.id, proof };
}

function checkPoll(row: DeviceGrant, world: VouchWorld): void {
  const now = world.clock();
  if (now >= row.expiresMs) throw oauthRefusal(400, "expired_token", "The device code has expired");
  const tooSoon = now - row.lastPollMs < world.settings.deviceInterval * 1000;
  row.lastPollMs = now;
  if (tooSoon) throw oauthRefusal(400, "slow_down", "Polling too fast");
  if (row.status === "pending") {
    throw oauthRefusal(400, "authorization_pending", "The user has not yet approved the request");
  }
  if (row.status === "denied") throw oauthRefusal(400, "access_denied", "The user denied the request");
}

/**
 * A code used twice may be stolen: its sessions end; on older servers all of that user.
 * Source: SERVER-CHECKS.md, "Device grant".
 */
function replayed(row: DeviceGrant, world: VouchWorld): Error {
  const newest = isNewest(world.settings.era);
  for (const [hash, session] of world.sessions) {
    const hit = newest ? session.deviceCode === row.deviceCode : session.user.id === row.userId;
    if (hit) world.sessions.delete(hash);
  }
  return invalidGrant("The device code was used before");
}
