import type { OpenPlan } from "../aws/sources/opened-source.ts";
import { VouchError } from "../errors/errors.ts";
import type { AwsQuestion } from "../hot/question.ts";
import { profilesFolder } from "../hot/state-files.ts";
import type { WarmSettings } from "../session/current-file.ts";
import type { Clock } from "../timers.ts";
import type { CredentialsSource } from "./mint-source.ts";
import { makeProfilesFolder, makeWarmSettings, sweepProfilesFolder } from "./profiles-folder.ts";

export interface ProfilePlace {
  readonly state: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly settings: WarmSettings;
}

/** An AWS profile, or the environment, as a source of credentials for tokens. Creates the folder in which tokens are kept. */
export async function profileSource(
  { profile }: Pick<AwsQuestion, "profile">,
  { digest, witnesses, end, credentials }: OpenPlan,
  { settings, ...place }: ProfilePlace,
): Promise<CredentialsSource> {
  if (settings.cache !== false) {
    makeProfilesFolder(place.state);
    sweepProfilesFolder(place.state, place.clock());
    await makeWarmSettings(place, settings);
  }
  const whose = profile === undefined ? "from the environment" : `of profile ${profile}`;
  return {
    folder: profilesFolder(place.state),
    end,
    digest,
    witnesses,
    aboutToEnd: () =>
      new VouchError("aws-credentials-ending", `The AWS credentials ${whose} are about to expire.`),
    credentials,
  };
}
