import type { AwsMachine } from "../../token/aws/sources/read-plan.ts";
import { debug } from "../../token/debug.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import { namedEndpoints } from "../../token/endpoints/named-endpoints.ts";
import { envValue } from "../../token/env.ts";
import { unlessThrown } from "../../token/errors/errors.ts";
import { type Folders, ourFolders } from "../../token/files/folders.ts";
import { readTextFile, readWitnessed, type WitnessedFile } from "../../token/files/plain-file.ts";
import type { Current } from "../../token/hot/current.ts";
import { loadCurrent } from "../../token/session/current-file.ts";
import {
  type ConfigFile,
  configPath,
  type Origin,
  readConfig,
  readSystemConfig,
  serverSetting,
} from "../../token/settings/settings.ts";
import { type ServerUrl, serverUrl } from "../../token/vouch/server-url.ts";
import type { App } from "../app.ts";
import { serverRecord, usualFolders } from "./server-record.ts";

/** What is on this machine before any server is asked: folders, settings, who is logged in. */
export interface LocalState {
  readonly folders: Folders;
  /** The user's settings over those of the machine. */
  readonly config: ConfigFile;
  /** Settings of the machine alone. */
  readonly systemConfig: ConfigFile;
  /** The user's file. */
  readonly configFile: string;
  /** The file that a value in `config` comes from. */
  readonly fileOf: (name: keyof ConfigFile) => string;
  readonly current: Current;
}

/**
 * What one command works with: this process, and each file as it was when the command first asked for it, so that no two of its
 * steps see different contents. After a lock was taken or a file written, open another.
 */
export class Desk {
  readonly app: App;
  /** Settings that the command line overrides. */
  readonly #given: Pick<ConfigFile, "cache">;
  #workplace: LocalState | undefined;
  #binding: readonly LocalState[] | undefined;
  readonly #files = new Map<string, WitnessedFile>();

  constructor(app: App, given: Pick<ConfigFile, "cache"> = {}) {
    this.app = app;
    this.#given = given;
  }

  /** Another desk for the same command. */
  anew(): Desk {
    return new Desk(this.app, this.#given);
  }

  /** Our files. Throws `config-invalid` for a broken `config.yaml`. */
  get workplace(): LocalState {
    this.#workplace ??= readWorkplace(this.app, ourFolders(this.app), this.#given);
    return this.#workplace;
  }

  /**
   * What binds a call whose credentials do not lie in our folders: first the files below the home of the user database, then those
   * to which variables lead. The stricter counts, since an exec block may have set the variables.
   */
  get binding(): readonly LocalState[] {
    this.#binding ??= [...this.#elsewhere(), this.workplace];
    return this.#binding;
  }

  /** AWS's files and variables. */
  get aws(): AwsMachine {
    const { env, homeDir } = this.app;
    return { env, homeDir, read: (file) => this.#read(file) };
  }

  #elsewhere(): readonly LocalState[] {
    const [usual, own] = [usualFolders(this.app), ourFolders(this.app)];
    const isElsewhere = usual !== undefined && (usual.state !== own.state || usual.config !== own.config);
    return isElsewhere ? [readWorkplace(this.app, usual, this.#given)] : [];
  }

  #read(file: string): WitnessedFile {
    const found = this.#files.get(file) ?? readWitnessed(file, this.app.clock());
    this.#files.set(file, found);
    return found;
  }
}

function readWorkplace(app: App, folders: Folders, given: Pick<ConfigFile, "cache">): LocalState {
  const configFile = configPath(folders.config);
  const own = readConfig(readTextFile(configFile), configFile);
  const systemConfig = app.systemConfig === undefined ? {} : readSystemConfig(app.systemConfig);
  return {
    folders,
    configFile,
    config: { ...systemConfig, ...own, ...given },
    systemConfig,
    fileOf: (name) => (own[name] === undefined ? (app.systemConfig?.file ?? configFile) : configFile),
    current: loadCurrent(folders.state),
  };
}

/** Whether tokens and credentials are kept, and kept ones are used. */
export function isCacheOn({ config, current }: Pick<LocalState, "config" | "current">): boolean {
  return config.cache !== false && current.cache !== false;
}

/** The server from the flag, the environment, the settings or the last login, with its origin. */
export function serverOrigin({ app, workplace }: Desk, flag: string | undefined): Origin<string> {
  const { config, fileOf, current } = workplace;
  const setting = serverSetting({ flag, env: app.env, config, fileOf }, current.last);
  debug(
    `server ${setting.value} (from ${flag === undefined ? setting.origin : "flag --server or the kubeconfig"})`,
  );
  return setting;
}

/** The server from the flag, the environment, the settings or the last login. Throws if it is not a valid URL. */
export function chosenServer(desk: Desk, flag: string | undefined): ServerUrl {
  return serverUrl(serverOrigin(desk, flag).value);
}

/**
 * The server for a call that no user typed. Once a user is logged in, VOUCH_SERVER counts only if it names a server at which
 * the user has logged in; otherwise it is ignored, with a message.
 */
export function credentialServer(desk: Desk, flag: string | undefined): ServerUrl {
  const { app, workplace } = desk;
  const variable = envValue(app.env, "VOUCH_SERVER");
  if (flag !== undefined || variable === undefined || workplace.current.last === undefined)
    return chosenServer(desk, flag);
  if (isKnownServer(desk, variable)) return serverUrl(variable);
  const { VOUCH_SERVER: _ignored, ...env } = app.env;
  const { config, fileOf, current } = workplace;
  const server = serverUrl(serverSetting({ env, config, fileOf }, current.last).value);
  app.io.err(
    `kubectl-vouch: VOUCH_SERVER is ignored, because you have not logged in there; ${server.base} is used.\n`,
  );
  return server;
}

function isKnownServer({ app, workplace: { current } }: Desk, text: string): boolean {
  return unlessThrown(() => {
    const { base } = serverUrl(text);
    return Object.hasOwn(current.servers, base) || serverRecord(app, base) !== undefined;
  }, false);
}

/** The hosts and CAs that a user names now, only for login and setup to record. */
export function endpointsNamedNow({ app, workplace: { config, fileOf } }: Desk): Endpoints {
  return namedEndpoints({ env: app.env, config, fileOf });
}

/** Those in the machine's own settings, for a login that no user typed at a server without a record. */
export function endpointsOfMachine({ systemConfig, fileOf }: LocalState): Endpoints {
  return namedEndpoints({ env: {}, config: systemConfig, fileOf });
}
