import { awsConfigPath } from "../../token/aws/aws-paths.ts";
import {
  endpointsOfProfile,
  loadProfileRecord,
  type ProfileName,
  type ProfileRecord,
  saveProfileRecord,
} from "../../token/aws/sources/profile-record.ts";
import { readAwsFiles } from "../../token/aws/sources/read-plan.ts";
import { settledContainer, settledMetadata } from "../../token/aws/sources/settled-machine.ts";
import { absentProfile } from "../../token/aws/sources/shared-files.ts";
import { withHints } from "../../token/errors/errors.ts";
import { ourFolders } from "../../token/files/folders.ts";
import type { AwsIdentity } from "../../token/kubeconfig/identity.ts";
import type { App } from "../app.ts";
import { databaseHomeHint, noDatabaseHome } from "../workplace/server-record.ts";
import type { Desk } from "../workplace/workplace.ts";
import { ANY_REGION, contextPlan, profileOfSource } from "./context-plan.ts";

/** The name under which settings for a profile, or for the caller, are recorded. */
export function profileNameOf(
  source: AwsIdentity,
  { env, homeDir }: Pick<App, "env" | "homeDir">,
): ProfileName {
  return {
    profile: source.profile,
    configFile: awsConfigPath({ ...env, ...source.env }, homeDir),
  };
}

/**
 * What a user settles for a profile by naming it to setup or login now: hosts, CAs, and where a container or a machine
 * gets its credentials. A program that was approved before stays approved. Throws what is wrong with the profile, and
 * `config-invalid` for an address that would reveal secrets on the way.
 */
export function settledNow(
  { app, aws, workplace: { config, fileOf } }: Desk,
  source: AwsIdentity,
): ProfileRecord {
  const env = { ...app.env, ...source.env };
  const { files } = readAwsFiles({ ...aws, env });
  const name = profileOfSource(source, app.env);
  const profile = files.profiles.get(name) ?? absentProfile(name, files);
  const plan = contextPlan(source, ANY_REGION, aws);
  return {
    endpoints: endpointsOfProfile(profile, files, { env, config, fileOf }),
    process: settledProfile(app, profileNameOf(source, app))?.process,
    container: settledContainer(plan, env),
    metadataEndpoint: settledMetadata(plan, profile, env),
  };
}

/** What setup or login settled for an AWS profile; undefined if neither did. */
export function settledProfile(app: App, name: ProfileName): ProfileRecord | undefined {
  const folder = settledFolder(app);
  return folder === undefined ? undefined : loadProfileRecord(folder, name);
}

/** Records it, in place of what was there. Throws `file-unwritable` if the user database has no home directory. */
export async function settleProfile(app: App, name: ProfileName, record: ProfileRecord): Promise<void> {
  const folder = settledFolder(app);
  if (folder === undefined) throw noDatabaseHome(app);
  await withHints(
    () => ({ "file-unwritable": databaseHomeHint(app) }),
    saveProfileRecord(folder, name, { record, clock: app.clock, signal: app.signal }),
  );
}

/** The state folder under the home of the user database: no variable leads elsewhere. */
function settledFolder({ platform, databaseHome }: App): string | undefined {
  return databaseHome === undefined
    ? undefined
    : ourFolders({ env: {}, platform, homeDir: databaseHome }).state;
}
