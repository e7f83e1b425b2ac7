import { invalidProfile } from "./plan-errors.ts";
import type { SettingOrigin } from "./plan-kinds.ts";
import type { SharedProfile, SharedSetting } from "./shared-files.ts";

/**
 * A setting that determines whose credentials these are. Throws `profile-invalid` if it is empty: whoever wrote it intended
 * something, so it is never skipped in favor of another identity. Also throws where AWS's tools read it differently, except for a
 * command line, which a user approves as it is.
 */
export function identitySetting(profile: SharedProfile, key: string): SharedSetting | undefined {
  if (profile.ambiguity !== undefined) throw invalidProfile(profile, undefined, profile.ambiguity);
  const setting = profile.settings.get(key);
  if (setting?.hasNote && key !== "credential_process")
    throw invalidProfile(
      profile,
      setting,
      `${key} ends before # or ; for the AWS SDKs but not for the AWS CLI; put the comment on a separate line`,
    );
  if (setting?.value === "") throw invalidProfile(profile, setting, `${key} is empty`);
  return setting;
}

export function originOf({ name: profile }: SharedProfile, { file, line }: SharedSetting): SettingOrigin {
  return { profile, file, line };
}
