import { invalidProfile } from "./plan-errors.ts";
import type { SettingOrigin } from "./plan-kinds.ts";
import type { SharedProfile, SharedSetting } from "./shared-files.ts";

/**
 * A setting that says whose credentials these are. Throws `profile-invalid` for one that is empty: whoever wrote it wanted
 * something, so it is never passed over for another identity.
 */
export function identitySetting(profile: SharedProfile, key: string): SharedSetting | undefined {
  const setting = profile.settings.get(key);
  if (setting?.value === "") throw invalidProfile(profile, setting, `${key} is empty`);
  return setting;
}

export function originOf({ name: profile }: SharedProfile, { file, line }: SharedSetting): SettingOrigin {
  return { profile, file, line };
}
