import { edit, run, unsetVariables } from "../../command/command.ts";
import { withCommands } from "../../command/sentence.ts";
import { VouchError } from "../../errors/errors.ts";
import type { PlanOrigin } from "./plan-kinds.ts";
import type { SharedFiles, SharedProfile, SharedSection, SharedSetting } from "./shared-files.ts";

/** `by` is where the profile was named: `--profile`, or a variable. */
export function missingProfile(
  name: string,
  by: string,
  { configPath, credentialsPath }: SharedFiles,
): VouchError {
  return new VouchError(
    "profile-missing",
    `There is no AWS profile ${name}, which ${by} names, in ${configPath} or ${credentialsPath}.`,
    { hint: withCommands`List the profiles: ${run("aws", "configure list-profiles")}` },
  );
}

export function missingSource(profile: SharedProfile, source: SharedSetting): VouchError {
  const message = `${placeOf(profile, source)}: source_profile names profile ${source.value}, which does not exist.`;
  return new VouchError("profile-missing", message, { hint: hintAt(source) });
}

/** A profile without credentials; `by` is where it was named. */
export function emptyProfile(profile: SharedProfile, by: string): VouchError {
  return new VouchError(
    "profile-empty",
    `AWS profile ${profile.name} (${profile.file}, line ${profile.line}), which ${by} names, gives no credentials: it has no access key id, role, Identity Center account, login or process.`,
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
    hint: withCommands`Set what is missing, or run ${unsetVariables(...names)}, then the command again.`,
  });
}

export function notConfigured({ configPath, credentialsPath }: SharedFiles): VouchError {
  return new VouchError(
    "aws-not-configured",
    `There are no AWS credentials: none in the environment, and no default profile with any in ${configPath} or ${credentialsPath}.`,
    {
      hint: withCommands`Name a profile with --profile, or make one: ${run("aws", "configure sso")}`,
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
  if ("option" in origin) return `Give another ${origin.option}.`;
  return withCommands`Correct it, or run ${unsetVariables(origin.variable)}, then the command again.`;
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
