import { edit, ours, unsetVariables } from "../../command/command.ts";
import { withCommands } from "../../command/sentence.ts";
import { VouchError } from "../../errors/errors.ts";
import { shortList } from "../../text/short-list.ts";
import type { PlanOrigin, SettingOrigin } from "./plan-kinds.ts";
import type { SharedFiles, SharedProfile, SharedSection, SharedSetting } from "./shared-files.ts";

/** `by` is where the profile was named: `--profile`, or a variable. */
export function missingProfile(
  name: string,
  by: string,
  { configPath, credentialsPath, profiles }: SharedFiles,
): VouchError {
  return new VouchError(
    "profile-missing",
    `AWS profile ${name} (from ${by}) not found in ${configPath} or ${credentialsPath}.`,
    profiles.size === 0
      ? {
          hint: withCommands`Write profiles for your accounts in IAM Identity Center: ${ours("setup aws", { "sso-start-url": "URL" })}`,
        }
      : {
          hint: withCommands`Available profiles: ${shortList([...profiles.keys()])}. With their clusters: ${ours("setup eks", { list: true })}`,
        },
  );
}

export function missingSource(profile: SharedProfile, source: SharedSetting): VouchError {
  const message = `${placeOf(profile, source)}: source_profile is set to ${source.value}, but this profile does not exist.`;
  return new VouchError("profile-missing", message, { hint: hintAt(source) });
}

/** A profile without credentials; `by` is where it was named. */
export function emptyProfile(profile: SharedProfile, by: string): VouchError {
  return new VouchError(
    "profile-empty",
    `AWS profile ${profile.name} (${profile.file}, line ${profile.line}; from ${by}) does not provide credentials: it does not set an access key ID, role, Identity Center account, login or process.`,
    { hint: hintAt(profile) },
  );
}

/** A setting, or the profile as a whole, that is no valid source of credentials; `why` is the rest of the sentence. */
export function invalidProfile(
  profile: SharedProfile,
  at: SharedSetting | undefined,
  why: string,
): VouchError {
  const place = at ?? profile;
  return new VouchError("profile-invalid", `${placeOf(profile, place)}: ${why}.`, { hint: hintAt(place) });
}

/** Variables that are no valid source; `names` are those to unset. */
export function invalidVariables(names: readonly string[], why: string): VouchError {
  return new VouchError("aws-variables-invalid", `${why}.`, {
    hint: withCommands`Set what is missing or run ${unsetVariables(...names)}, then try again.`,
  });
}

export function notConfigured({ configPath, credentialsPath }: SharedFiles): VouchError {
  return new VouchError(
    "aws-not-configured",
    `AWS credentials not found: neither in the environment nor in a default profile in ${configPath} or ${credentialsPath}.`,
    {
      hint: withCommands`Specify a profile with --profile, or write profiles for your accounts in IAM Identity Center: ${ours("setup aws", { "sso-start-url": "URL" })}`,
    },
  );
}

/** The origin of a decision, for messages. */
export function placeOfOrigin(origin: PlanOrigin): string {
  if ("variable" in origin) return origin.variable;
  return "option" in origin ? origin.option : placeOf({ name: origin.profile }, origin);
}

/** How to correct the origin of a decision. */
export function hintAtOrigin(origin: PlanOrigin): string {
  if ("file" in origin) return hintAt(origin);
  if ("option" in origin) return `Use a different ${origin.option}.`;
  return withCommands`Correct it or run ${unsetVariables(origin.variable)}, then try again.`;
}

function placeOf(
  { name }: Pick<SharedProfile, "name">,
  { file, line }: Pick<SharedSetting, "file" | "line">,
): string {
  return `AWS profile ${name} (${file}, line ${line})`;
}

function hintAt({ file, line }: Pick<SharedSection, "file" | "line">): string {
  return withCommands`Correct it: ${edit(file, line)}`;
}

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
