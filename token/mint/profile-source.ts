import fs from "node:fs";
import type { OpenPlan } from "../aws/sources/opened-source.ts";
import { debug } from "../debug.ts";
import { reasonOf, VouchError } from "../errors/errors.ts";
import { namesIn } from "../files/folders.ts";
import { removeLeftFiles } from "../files/lock-files.ts";
import { ensurePrivateDirectory } from "../files/private-file.ts";
import type { AwsQuestion } from "../hot/question.ts";
import { currentFile, profilesFolder } from "../hot/state-files.ts";
import { keepWarmSettings, type WarmSettings } from "../session/current-file.ts";
import { withSessionsLocked } from "../session/sessions-lock.ts";
import type { Clock } from "../timers.ts";
import type { CredentialsSource } from "./mint-source.ts";

interface ProfilePlace {
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

/**
 * Creates the folder for what is cached for AWS profiles. If that fails, nothing is cached, without an error. Throws
 * `directory-unsafe` if others could write to the folder.
 */
export function makeProfilesFolder(state: string): void {
  try {
    ensurePrivateDirectory(state);
    ensurePrivateDirectory(profilesFolder(state));
  } catch (error) {
    if (!(error instanceof VouchError) || error.code === "directory-unsafe") throw error;
    debug(`nothing is cached for AWS profiles: ${error.message}`);
  }
}

/** A token written this long ago is over, and what a prompt shows is soon found out again, in milliseconds. */
const OLD_TOKEN_MS = 60 * 60 * 1000;

/**
 * Removes tokens that are over, and files that killed mints were writing: those of a session are removed with it, but nothing
 * else removes these.
 */
export function sweepProfilesFolder(state: string, now: number): void {
  const folder = profilesFolder(state);
  const names = namesIn(folder);
  asFarAsPossible(() => removeLeftFiles(folder, now, names));
  for (const name of names.filter((file) => /^(?:token|prompt)-/.test(file))) {
    const file = `${folder}/${name}`;
    asFarAsPossible(() => {
      if (fs.lstatSync(file).mtimeMs < now - OLD_TOKEN_MS) fs.rmSync(file);
    });
  }
}

function asFarAsPossible(remove: () => void): void {
  try {
    remove();
  } catch (error) {
    debug(`an old token could not be removed: ${reasonOf(error)}`);
  }
}

/** Writes the settings to where the warm path reads them, for a user who never logged in to a server or ran setup here. */
async function makeWarmSettings(
  place: { readonly state: string; readonly clock: Clock; readonly signal: AbortSignal },
  settings: WarmSettings,
): Promise<void> {
  const isThere = () => fs.existsSync(currentFile(place.state));
  if (isThere()) return;
  try {
    await withSessionsLocked(place, () => {
      if (!isThere()) keepWarmSettings(place.state, settings);
    });
  } catch (error) {
    if (!(error instanceof VouchError) || error.code === "interrupted") throw error;
    debug(`the cache does not answer calls: ${error.message}`);
  }
}
