import fs from "node:fs";
import path from "node:path";
import { type Env, envValue } from "../env.ts";
import { stateFolder } from "../hot/state-files.ts";
import { isRunning } from "./lock-files.ts";

/** The machine we run on, as far as files are concerned. */
export interface Machine {
  readonly env: Env;
  readonly platform: NodeJS.Platform;
  /** Home of the user, absolute. */
  readonly homeDir: string;
}

/** Our folders. They need not exist. */
export interface Folders {
  /** `current.json`, sessions, marks, backups. */
  readonly state: string;
  /** `config.yaml`. */
  readonly config: string;
  /** Secrets, if the key store is files. */
  readonly keys: string;
}

/**
 * Where our files are: the XDG folders on all platforms but Windows, and there `%LOCALAPPDATA%` and `%APPDATA%`. The state folder
 * is the one that the hot path reads.
 */
export function ourFolders({ env, platform, homeDir }: Machine): Folders {
  const isWindows = platform === "win32";
  const home: Env = isWindows
    ? {
        LOCALAPPDATA: path.win32.join(homeDir, "AppData", "Local"),
        APPDATA: path.win32.join(homeDir, "AppData", "Roaming"),
      }
    : { HOME: homeDir };
  const value = (name: string) => envValue(env, name) ?? home[name];
  const state = stateFolder(value, isWindows) ?? path.join(homeDir, ".local", "state", "kubectl-vouch");
  if (isWindows) {
    return {
      state,
      config: path.win32.join(value("APPDATA") ?? homeDir, "kubectl-vouch"),
      keys: path.win32.join(state, "keys"),
    };
  }
  const xdg = (name: string, fallback: string) => {
    const folder = value(name);
    return path.join(folder?.startsWith("/") ? folder : path.join(homeDir, fallback), "kubectl-vouch");
  };
  return {
    state,
    config: xdg("XDG_CONFIG_HOME", ".config"),
    keys: path.join(xdg("XDG_DATA_HOME", ".local/share"), "keys"),
  };
}

/** The names in a folder; none if there is no such folder, or we may not read it. */
export function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** Our temporary files, with the number of the process that writes them; names of older versions have none. */
const TEMPORARY = /^\.vouch-(?:(\d+)-)?[0-9a-f]{12,16}\.tmp$/;

/** How long a file without a process number may still be in writing, in milliseconds. */
const WRITING_MS = 60_000;

/**
 * Removes the temporary files that killed processes of ours have left in a folder, since they may contain secrets. Files that a
 * running process is writing stay. Does nothing if the folder cannot be read. `names` are those in the folder.
 */
export function removeLeftFiles(folder: string, now: number, names = namesIn(folder)): void {
  for (const name of names) {
    const match = TEMPORARY.exec(name);
    const file = path.join(folder, name);
    if (match !== null && isLeft(file, { pid: match[1], now })) fs.rmSync(file, { force: true });
  }
}

function isLeft(
  file: string,
  { pid, now }: { readonly pid: string | undefined; readonly now: number },
): boolean {
  if (pid !== undefined) return !isRunning(Number(pid));
  const changed = fs.lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now;
  return now - changed > WRITING_MS;
}
