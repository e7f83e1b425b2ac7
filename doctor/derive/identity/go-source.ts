import type { SharedProfile } from "../../../token/aws/sources/shared-files.ts";
import { type Env, envValue } from "../../../token/env.ts";
import type { SourceKind } from "./credential-source.ts";

/**
 * Where the SDK for Go takes credentials from: a profile's keys come before its other settings, an `sso_session` alone means
 * Identity Center, and a role is assumed with whatever the other settings give. Undefined: nothing in the environment or the
 * profile.
 *
 * Source: aws-sdk-go-v2, config/resolve_credentials.go; compared with aws-iam-authenticator 0.7.18.
 */
export function goSource(env: Env, profile: SharedProfile): SourceKind | undefined {
  const isSet = (name: string) => envValue(env, name) !== undefined;
  if (isSet("AWS_ACCESS_KEY_ID") && isSet("AWS_SECRET_ACCESS_KEY")) return "environment";
  if (isSet("AWS_WEB_IDENTITY_TOKEN_FILE")) return "web-identity";
  const base = ofSettings(profile);
  return isPresent(profile, "role_arn") && base !== "web-identity" ? "assume-role" : base;
}

function ofSettings(profile: SharedProfile): SourceKind | undefined {
  const has = (key: string) => isPresent(profile, key);
  if (has("source_profile")) return "assume-role";
  if (has("aws_access_key_id") && has("aws_secret_access_key"))
    return profile.credentials.has("aws_access_key_id") ? "credentials-file" : "config-file";
  if (has("credential_source")) return "assume-role";
  if (has("web_identity_token_file")) return "web-identity";
  if (["sso_session", "sso_account_id", "sso_start_url", "sso_region", "sso_role_name"].some(has))
    return "sso";
  if (has("login_session")) return "login";
  return has("credential_process") ? "process" : undefined;
}

function isPresent({ settings }: SharedProfile, key: string): boolean {
  return Boolean(settings.get(key)?.value);
}
