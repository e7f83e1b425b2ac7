import {
  loadProfileRecord,
  type ProfileName,
  type ProfileRecord,
  saveProfileRecord,
} from "../../token/aws/sources/profile-record.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { ourFolders } from "../../token/files/folders.ts";
import type { App } from "../app.ts";

/** What setup or login settled for an AWS profile; undefined where neither did. */
export function settledProfile(app: App, name: ProfileName): ProfileRecord | undefined {
  const folder = settledFolder(app);
  return folder === undefined ? undefined : loadProfileRecord(folder, name);
}

/** Settles it anew. Throws `file-unwritable` where the user database has no home. */
export async function settleProfile(app: App, name: ProfileName, record: ProfileRecord): Promise<void> {
  const folder = settledFolder(app);
  if (folder === undefined)
    throw new VouchError(
      "file-unwritable",
      "The user database has no home for you, so nothing can be settled.",
    );
  await saveProfileRecord(folder, name, { record, clock: app.clock, signal: app.signal });
}

/** The state folder under the home of the user database: no variable leads elsewhere. */
function settledFolder({ platform, databaseHome }: App): string | undefined {
  return databaseHome === undefined
    ? undefined
    : ourFolders({ env: {}, platform, homeDir: databaseHome }).state;
}
