import { randomBytes, randomInt } from "node:crypto";
import { authenticateClient, requireGrant } from "../client-authentication.ts";
import { readForm } from "../form.ts";
import { DEVICE_GRANT } from "../grants.ts";
import { jsonReply, NO_STORE, type Reply } from "../reply.ts";
import type { VouchRequest } from "../vouch-request.ts";
import type { VouchWorld } from "../world.ts";

/** Life of a device code, in seconds (`VOUCH_DEVICE_CODE_EXPIRES`). Source: SERVER-CHECKS.md, "Device grant". */
const DEVICE_CODE_LIFETIME = 600;

/** Source: SERVER-CHECKS.md, "Device grant". */
const USER_CODE_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ";

/** `POST /oauth/device`. In era A nobody proves to be a client here. Source: SERVER-CHECKS.md, "Device grant". */
export function device(request: VouchRequest, world: VouchWorld): Reply {
  const form = readForm(request);
  const { era, url, deviceInterval } = world.settings;
  const client = era === "A" ? undefined : authenticateClient(request, form, world);
  if (client !== undefined) requireGrant(client, DEVICE_GRANT, world);

  const deviceCode = randomBytes(32).toString("base64url");
  const userCode = newUserCode();
  world.devices.set(deviceCode, {
    deviceCode,
    userCode,
    clientId: client?.id ?? form.get("client_id"),
    expiresMs: world.clock() + DEVICE_CODE_LIFETIME * 1000,
    lastPollMs: Number.NEGATIVE_INFINITY,
    status: "pending",
    userId: undefined,
    hardwareVerified: true,
  });
  const answer = {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: `${url}/device`,
    ...(era === "A" ? {} : { verification_uri_complete: `${url}/device?user_code=${userCode}` }),
    expires_in: DEVICE_CODE_LIFETIME,
    interval: deviceInterval,
  };
  return jsonReply(200, answer, NO_STORE);
}

/** Eight letters in two groups. */
function newUserCode(): string {
  const letters = Array.from({ length: 8 }, () =>
    USER_CODE_ALPHABET.charAt(randomInt(USER_CODE_ALPHABET.length)),
  );
  return `${letters.slice(0, 4).join("")}-${letters.slice(4).join("")}`;
}
