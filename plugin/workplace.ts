import { envValue } from "../token/env.ts";
import { type Folders, ourFolders } from "../token/folders.ts";
import type { Current } from "../token/hot/current.ts";
import { readTextFile } from "../token/private-file.ts";
import { keepRequirement, loadCurrent } from "../token/session/current-file.ts";
import { withSessionsLocked } from "../token/session/sessions-lock.ts";
import { type ConfigFile, configPath, type Origin, readConfig, serverSetting } from "../token/settings.ts";
import { type ServerUrl, serverUrl } from "../token/vouch/server-url.ts";
import type { App } from "./app.ts";

/** What lies on this machine before anything is asked: folders, settings, who is logged in. */
export interface Workplace {
  readonly folders: Folders;
  readonly config: ConfigFile;
  readonly configFile: string;
  readonly current: Current;
}

/** Reads our files. Throws `config-invalid` for a broken `config.yaml`. */
export function readWorkplace(app: App): Workplace {
  const folders = ourFolders(app);
  const configFile = configPath(folders.config);
  return {
    folders,
    configFile,
    config: readConfig(readTextFile(configFile), configFile),
    current: loadCurrent(folders.state),
  };
}

/** Copies `requireClusterInfo` out of the settings to where the warm path reads it: only login and setup do. */
export async function applyRequirement(app: App, { folders, config, current }: Workplace): Promise<void> {
  const { requireClusterInfo = false } = config;
  if (requireClusterInfo === (current.requireClusterInfo ?? false)) return;
  const { state } = folders;
  await withSessionsLocked({ ...app, state }, () => keepRequirement(state, requireClusterInfo));
}

/** The server meant by the flag, the environment, the settings or the last login; with who said so. */
export function serverOrigin(
  app: App,
  { config, configFile, current }: Workplace,
  flag: string | undefined,
): Origin<string> {
  return serverSetting({ flag, env: app.env, config, configFile }, current.last);
}

/** The same, checked. Plain http to another machine only with `VOUCH_ALLOW_INSECURE`, and never silently. */
export function chosenServer(app: App, workplace: Workplace, flag: string | undefined): ServerUrl {
  const allowInsecure = envValue(app.env, "VOUCH_ALLOW_INSECURE") !== undefined;
  const server = serverUrl(serverOrigin(app, workplace, flag).value, { allowInsecure });
  if (server.insecure)
    app.io.err(`warning: ${server.base} is plain http: anybody on the way can read and change it.\n`);
  return server;
}
