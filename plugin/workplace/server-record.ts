import { isSameEndpoints, USUAL } from "../../token/endpoints/endpoints.ts";
import {
  loadServerRecord,
  type ServerRecord,
  saveServerRecord,
} from "../../token/endpoints/server-records.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { type Folders, ourFolders } from "../../token/files/folders.ts";
import type { App } from "../app.ts";

/** What the last login at a server settled; undefined if none is on record. */
export function serverRecord(app: App, server: string): ServerRecord | undefined {
  const usual = usualFolders(app);
  return usual === undefined ? undefined : loadServerRecord(usual.state, server);
}

/**
 * Remembers what a typed login settled, for logins that no user types. Failing to do so does not fail the login; a warning is
 * printed if those would miss something.
 */
export async function rememberServer(app: App, server: string, record: ServerRecord): Promise<void> {
  const usual = usualFolders(app);
  const isUsual = isSameEndpoints(record.endpoints, USUAL) && isSameFolders(record.folders, usual);
  try {
    if (usual === undefined) throw noDatabaseHome(app);
    if (isSameRecord(loadServerRecord(usual.state, server), record)) return;
    await saveServerRecord(usual.state, server, { record, clock: app.clock, signal: app.signal });
  } catch (error) {
    if (!(error instanceof VouchError) || error.code === "interrupted") throw error;
    if (isUsual) return;
    app.io.err(`warning: a login that kubectl starts will not use this one's settings: ${error.message}\n`);
  }
}

/** Whether our folders are where the user database, or the last login, has them: variables can move them elsewhere. */
export function areFoldersSettled(app: App, record: ServerRecord | undefined): boolean {
  const folders = ourFolders(app);
  return isSameFolders(folders, usualFolders(app)) || isSameFolders(folders, record?.folders);
}

/** Our folders below the home of the user database, where no variable leads; undefined if it has no home for us. */
export function usualFolders({ platform, databaseHome }: App): Folders | undefined {
  return databaseHome === undefined ? undefined : ourFolders({ env: {}, platform, homeDir: databaseHome });
}

function isSameRecord(one: ServerRecord | undefined, other: ServerRecord): boolean {
  return (
    one !== undefined &&
    isSameEndpoints(one.endpoints, other.endpoints) &&
    isSameFolders(one.folders, other.folders)
  );
}

function isSameFolders(one: Folders, other: Folders | undefined): boolean {
  return (
    other !== undefined && one.state === other.state && one.config === other.config && one.keys === other.keys
  );
}

/** The error where the user database does not list the user, as in some containers. */
export function noDatabaseHome({ platform }: App): VouchError {
  const uid = platform === "win32" ? undefined : globalThis.process.getuid?.();
  return new VouchError(
    "file-unwritable",
    uid === undefined
      ? "The user database does not have a home directory for you."
      : `UID ${uid} does not have an entry with a home directory in /etc/passwd.`,
    {
      hint: "Add one, or run this as a user who has one. HOME is not used for this, because a kubeconfig can set it.",
    },
  );
}

/** The hint where the home directory of the user database cannot be written, but HOME is a different one. */
export function databaseHomeHint({ databaseHome, homeDir }: App): string | undefined {
  return databaseHome === homeDir
    ? undefined
    : `Your home directory in the user database is ${databaseHome}: make it writable, or change the entry. HOME (${homeDir}) is not used for this, because a kubeconfig can set it.`;
}
