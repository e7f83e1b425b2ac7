import { isRegion } from "../../endpoints/aws-endpoint.ts";
import { ssoTokenFile } from "./cache-names.ts";
import { invalidProfile } from "./plan-errors.ts";
import type { SsoPlan } from "./plan-kinds.ts";
import { identitySetting, originOf } from "./setting.ts";
import type { SharedFiles, SharedProfile, SharedSetting } from "./shared-files.ts";

const REQUIRED = ["sso_role_name", "sso_account_id", "sso_start_url", "sso_region"] as const;

type Required = (typeof REQUIRED)[number];

/**
 * A profile belongs to Identity Center by its account or its role, not by `sso_session` alone. Throws `profile-invalid` if the
 * rest is missing, or is given twice with different values.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Order inside a profile".
 */
export function ssoPlan(profile: SharedProfile, files: SharedFiles): SsoPlan | undefined {
  const first = identitySetting(profile, "sso_account_id") ?? identitySetting(profile, "sso_role_name");
  if (first === undefined) return undefined;
  const session = identitySetting(profile, "sso_session");
  const resolved =
    session === undefined
      ? profile
      : { ...profile, settings: new Map([...profile.settings, ...sessionSettings(profile, session, files)]) };
  const missing: Required[] = [];
  const required = (key: Required): string => {
    const value = identitySetting(resolved, key)?.value;
    if (value === undefined) missing.push(key);
    return value ?? "";
  };
  const [role, account, startUrl, region] = [
    required("sso_role_name"),
    required("sso_account_id"),
    required("sso_start_url"),
    required("sso_region"),
  ];
  if (missing.length > 0)
    throw invalidProfile(profile, first, `settings missing for Identity Center: ${missing.join(", ")}`);
  if (!isRegion(region))
    throw invalidProfile(
      profile,
      identitySetting(resolved, "sso_region"),
      `sso_region is ${JSON.stringify(region)}, which is not an AWS region`,
    );
  return {
    kind: "sso",
    session: session?.value,
    startUrl,
    region,
    account,
    role,
    tokenFile: ssoTokenFile(session?.value ?? startUrl),
    origin: originOf(profile, first),
  };
}

function sessionSettings(profile: SharedProfile, session: SharedSetting, { ssoSessions }: SharedFiles) {
  const section = ssoSessions.get(session.value);
  if (section === undefined)
    throw invalidProfile(profile, session, `[sso-session ${session.value}] not found`);
  if (section.ambiguity !== undefined) throw invalidProfile(profile, session, section.ambiguity);
  for (const [key, { value, line }] of section.settings) {
    const own = profile.settings.get(key);
    if (own === undefined || own.value === value) continue;
    // Only these settings are known to be no secrets.
    const [here, there] = key.startsWith("sso_") ? [own.value, value] : ["set here", "set differently"];
    const why = `${key} is ${here}, but ${there} in [sso-session ${section.name}] (line ${line})`;
    throw invalidProfile(profile, own, why);
  }
  return section.settings;
}
