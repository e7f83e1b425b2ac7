import type { AwsCredentials } from "../aws/aws-credentials.ts";
import type { Clock } from "../clock.ts";
import { VouchError } from "../errors/errors.ts";
import type { Witness } from "../hot/cached-token.ts";
import type { SourceTokenQuestion } from "../hot/question.ts";
import { profilesFolder } from "../hot/state-files.ts";
import type { WarmSettings } from "../session/current-file.ts";
import type { CredentialsWish, MintSource } from "./mint-source.ts";
import { makeProfilesFolder, makeWarmSettings, removeOldTokens } from "./profiles-folder.ts";

/** What was read for an AWS profile, or for the environment, before anybody was asked. */
export interface OpenedCredentials {
  /** Of all that decides whose credentials come. */
  readonly digest: string;
  /** Undefined: the files cannot tell of a change. */
  readonly witnesses: readonly Witness[] | undefined;
  credentials(wish: CredentialsWish): Promise<AwsCredentials>;
}

export interface ProfilePlace {
  readonly state: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly settings: WarmSettings;
}

/** An AWS profile, or the environment, as where the credentials of a token come from. Makes what the token is kept in. */
export async function profileSource(
  { profile }: Pick<SourceTokenQuestion, "profile">,
  { digest, witnesses, credentials }: OpenedCredentials,
  { settings, ...place }: ProfilePlace,
): Promise<MintSource> {
  if (settings.cache !== false) {
    makeProfilesFolder(place.state);
    removeOldTokens(place.state, place.clock());
    await makeWarmSettings(place, settings);
  }
  const whose = profile === null ? "of the environment" : `of profile ${profile}`;
  return {
    folder: profilesFolder(place.state),
    end: undefined,
    digest,
    witnesses,
    aboutToEnd: () =>
      new VouchError("aws-credentials-ending", `The AWS credentials ${whose} are about to end.`),
    credentials,
  };
}
