import { invalidProfile } from "./plan-errors.ts";
import type { SettingOrigin } from "./plan-kinds.ts";
import type { SharedProfile, SharedSetting } from "./shared-files.ts";

/**
 * A setting that determines whose credentials these are. Throws `profile-invalid` if it is empty: whoever wrote it intended
 * something, so it is never skipped in favour of another identity.
 */
export function identitySetting(profile: SharedProfile, key: string): SharedSetting | undefined {
  const setting = profile.settings.get(key);
  if (setting?.value === "") throw invalidProfile(profile, setting, `${key} is empty`);
  return setting;
}

export function originOf({ name: profile }: SharedProfile, { file, line }: SharedSetting): SettingOrigin {
  return { profile, file, line };
}
