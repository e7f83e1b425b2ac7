import fs from "node:fs";
import path from "node:path";
import { type Env, envValue } from "../env.ts";
import { unlessThrown } from "../errors/errors.ts";
import { stateFolder } from "../hot/state-files.ts";

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
  return unlessThrown(() => fs.readdirSync(folder), []);
}
