import { randomBytes, randomInt } from "node:crypto";
import type { SsoClient, SsoDeviceGrant } from "../../identity-center-model.ts";
import { isLoopback } from "../endpoint.ts";
import type { OpenCall } from "../open-service.ts";
import type { AwsReply } from "../request.ts";
import { jsonReply } from "../rest-json.ts";
import { GRANT, mayUse, requireClient, requireIssuer } from "./clients.ts";
import { refusal, requireText } from "./refusal.ts";

/** Source: AWS IAM Identity Center OIDC API, StartDeviceAuthorization; botocore, SSOTokenFetcher ("currently only 10 minutes"). */
const DEVICE_SECONDS = 600;
const INTERVAL_SECONDS = 1;
/** Source: RFC 8628, 3.5. */
const SLOW_DOWN_SECONDS = 5;
/** Consonants, so that a code is no word. Source: RFC 8628, 6.1. */
const CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

export function startDeviceAuthorization(call: OpenCall): AwsReply {
  const client = requireClient(call);
  requireIssuer(call, requireText(call, "startUrl"));
  if (!mayUse(client, GRANT.device)) throw refusal("UnauthorizedClientException");
  const device: SsoDeviceGrant = {
    deviceCode: randomBytes(64).toString("base64url"),
    userCode: `${letters()}-${letters()}`,
    clientId: client.id,
    expires: new Date(call.now.getTime() + DEVICE_SECONDS * 1000),
    intervalSeconds: INTERVAL_SECONDS,
    lastPoll: undefined,
    status: "pending",
    userName: "",
  };
  call.world.identityCenter.devices.set(device.deviceCode, device);
  const page = pageFor(call);
  return jsonReply(200, {
    deviceCode: device.deviceCode,
    userCode: device.userCode,
    verificationUri: page,
    verificationUriComplete: `${page}?user_code=${device.userCode}`,
    expiresIn: DEVICE_SECONDS,
    interval: INTERVAL_SECONDS,
  });
}

/** AWS's own; on loopback ours, which a person can open. */
function pageFor({ request, region }: OpenCall): string {
  const { host } = request.headers;
  return isLoopback(request) ? `https://${host}/device` : `https://device.sso.${region}.amazonaws.com/`;
}

/** The user who approved; the code is used up by that. */
export function redeemDevice(call: OpenCall, client: SsoClient): string {
  const device = call.world.identityCenter.devices.get(requireText(call, "deviceCode"));
  if (device?.clientId !== client.id || device.status === "used") throw refusal("InvalidGrantException");
  if (device.expires <= call.now) throw refusal("ExpiredTokenException");
  requirePatience(device, call.now);
  if (device.status === "pending") throw refusal("AuthorizationPendingException");
  if (device.status === "denied") throw refusal("AccessDeniedException");
  device.status = "used";
  return device.userName;
}

/** Whoever asks too soon must wait longer from then on. */
function requirePatience(device: SsoDeviceGrant, now: Date): void {
  const earliest = (device.lastPoll?.getTime() ?? 0) + device.intervalSeconds * 1000;
  device.lastPoll = now;
  if (now.getTime() >= earliest) return;
  device.intervalSeconds += SLOW_DOWN_SECONDS;
  throw refusal("SlowDownException");
}

function letters(): string {
  return Array.from({ length: 4 }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join("");
}
