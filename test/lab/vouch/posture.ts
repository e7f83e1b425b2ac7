import { isJsonObject, parseJson } from "./json-object.ts";
import { oauthRefusal } from "./refusal.ts";

/** Members of a device posture by type. Source: SERVER-CHECKS.md, "Device posture". */
const MEMBERS: readonly (readonly [(value: unknown) => boolean, string])[] = [
  [
    (value) => typeof value === "string",
    "os os_version os_distribution os_build arch disk_encryption_technology firewall_technology tpm_version " +
      "auto_update_technology access_control_technology parent_process cli_version collected_at",
  ],
  [
    (value) => typeof value === "boolean",
    "disk_encryption_enabled screen_lock_enabled firewall_enabled secure_boot_enabled sip_enabled tpm_present " +
      "auto_update_enabled access_control_enforcing elevated tty",
  ],
  [Number.isInteger, "screen_lock_idle_timeout_secs uptime_secs"],
  [(value) => Array.isArray(value) && value.every((one) => typeof one === "string"), "edr mdm"],
];

const SYSTEMS: readonly unknown[] = ["macos", "linux", "windows"];

/** The parsed `authorization_details`: exactly one device posture (F15 of SERVER-CHECKS.md, "Login grant checks"). */
export function parseAuthorizationDetails(field: string): unknown[] {
  const details = parseJson(field);
  if (!Array.isArray(details) || details.length !== 1 || !isPosture(details[0])) {
    throw invalidAuthorizationDetails();
  }
  return details;
}

export function invalidAuthorizationDetails(): Error {
  return oauthRefusal(400, "invalid_authorization_details", "authorization_details are malformed");
}

function isPosture(value: unknown): boolean {
  if (!isJsonObject(value) || value["type"] !== "device_posture" || value["posture_version"] !== 1)
    return false;
  if (value["os"] !== undefined && !SYSTEMS.includes(value["os"])) return false;
  return MEMBERS.every(([fits, names]) =>
    names.split(" ").every((name) => value[name] === undefined || fits(value[name])),
  );
}
