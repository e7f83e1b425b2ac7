import { edit, type Run } from "../../token/command/command.ts";
import type { Facts } from "../derive/facts.ts";
import { awsProfiles, type MergedProfile } from "../derive/identity/aws-profile-chain.ts";

/** Opens the one of AWS's two files that has a setting of a profile; nothing if it is not known which. */
export function editSetting(
  { evidence }: Pick<Facts, "evidence">,
  profile: MergedProfile | undefined,
  key: string,
): readonly Run[] {
  const setting = awsProfiles(evidence)
    .files.profiles.get(profile?.name ?? "")
    ?.settings.get(key);
  return setting === undefined ? [] : [edit(setting.file, setting.line)];
}
