import fs from "node:fs";
import { removeLeftLocks } from "../../token/files/file-lock.ts";
import { removeLeftFiles } from "../../token/files/lock-files.ts";
import { clustersFolder, marksFolder, profilesFolder } from "../../token/hot/state-files.ts";
import { leftSessions, removeLeftSession } from "../../token/session/session-store.ts";
import type { App } from "../app.ts";
import { storeToForget } from "../vouch/vouch-access.ts";
import type { LocalState } from "./workplace.ts";

/**
 * Removes what a killed login, logout or mint has left: temporary files, locks of kubectl's kind, and sessions that nobody is
 * logged in with. Call it only while no other login or logout is under way. What cannot be removed, as in an unreachable keyring,
 * is left to the next one.
 */
export async function removeLeftovers(app: App, workplace: LocalState): Promise<void> {
  const { state, keys } = workplace.folders;
  const sessions = foldersIn(`${state}/sessions`);
  const folders = [
    state,
    keys,
    marksFolder(state),
    clustersFolder(state),
    profilesFolder(state),
    `${state}/exec`,
    ...sessions.map((id) => `${state}/sessions/${id}`),
  ];
  for (const folder of folders) removeLeftFiles(folder, app.clock());
  removeLeftLocks(state);
  for (const left of leftSessions(state)) {
    const keyStore = await storeToForget(workplace, left);
    try {
      removeLeftSession(keyStore, left);
    } catch {
      // Its folder is there for the next login or logout to find.
    }
  }
}

/** Empty if there is no such folder, or something else in its place, which is reported where the folder is needed. */
function foldersIn(folder: string): readonly string[] {
  return fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? fs.readdirSync(folder) : [];
}
