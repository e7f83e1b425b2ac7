import { lockPath, withFileLock } from "../../token/files/file-lock.ts";
import { ourFolders } from "../../token/files/folders.ts";
import { readTextFile } from "../../token/files/plain-file.ts";
import { ensurePrivateDirectory, writeFileAtomically } from "../../token/files/private-file.ts";
import { configPath } from "../../token/settings/settings.ts";
import type { App } from "../app.ts";
import type { ConfigText } from "./edit-config-text.ts";

/** A holder of the lock counts as dead after this time, in milliseconds: no user is asked anything under it. */
const STALE_MS = 30_000;

/** Returns the new text of the user's file; undefined if there is nothing to change. */
type Change = (config: ConfigText) => string | undefined;

/**
 * Reads, changes and writes the user's file, and does the rest, while no other command of ours does so: otherwise one could
 * lose what the other wrote, or use outdated values. The file is replaced as a whole or not at all; a symbolic link to it and its
 * mode stay. Returns whether there was something to change. Throws what the change and the rest throw, `file-locked` and
 * `file-unwritable`.
 */
export async function changeConfig(app: App, change: Change, rest: () => Promise<void>): Promise<boolean> {
  const folder = ourFolders(app).config;
  const file = configPath(folder);
  const { clock, signal } = app;
  ensurePrivateDirectory(folder);
  return withFileLock(lockPath(file), { clock, signal, staleAfterMs: STALE_MS }, async () => {
    const before = readTextFile(file);
    const after = change({ file, text: before ?? "" });
    if (after !== undefined && after !== before) writeFileAtomically(file, after, { keepIdentity: true });
    await rest();
    return after !== undefined;
  });
}
