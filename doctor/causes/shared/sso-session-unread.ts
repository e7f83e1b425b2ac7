import type { Facts } from "../../derive/facts.ts";
import { awsProfiles } from "../../derive/identity/aws-profile-chain.ts";

/**
 * The error of a program that does not read `[sso-session]`, which has both settings; programs differ in their order. A profile
 * that lacks them causes the same error. Source: doctor/AWS-CREDENTIALS.md, "Old programs".
 */
export const SSO_SESSION_UNREAD =
  /is configured to use SSO but is missing required configuration: (?:sso_start_url, (?:sso_account_id, )?sso_region|sso_region, sso_start_url)/;

/** Whether the effective profile has both settings in its session; undefined if the files are not known. */
export function namesSession({ credentials, evidence }: Facts): boolean | undefined {
  const settings = credentials?.chain[0]?.settings;
  if (settings === undefined || Object.keys(settings).length === 0) return undefined;
  const name = settings["sso_session"];
  if (name === undefined) return false;
  const session = awsProfiles(evidence).files.ssoSessions.get(name)?.settings;
  if (session === undefined) return undefined;
  return session.has("sso_start_url") && session.has("sso_region");
}
