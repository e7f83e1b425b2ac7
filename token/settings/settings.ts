import fs from "node:fs";
import path from "node:path";
import { type Document, LineCounter, type ParseOptions } from "yaml";
import { edit, run } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import type { Endpoints } from "../endpoints/endpoints.ts";
import { type Env, envValue } from "../env.ts";
import { reasonOf, VouchError } from "../errors/errors.ts";
import { readTextFile } from "../files/plain-file.ts";
import { isKeyStoreKind, type KeyStoreKind } from "../hot/key-store-kind.ts";
import { YamlRefused, yamlDocument, yamlValue } from "../text/yaml.ts";
import { isSettingName, SETTING_NAMES, type SettingName, settingKey } from "./setting-keys.ts";
import type { SystemConfig } from "./system-config.ts";

/** A value and its origin: `flag --server`, `VOUCH_SERVER`, `/home/ada/.config/kubectl-vouch/config.yaml`, `default`. */
export interface Origin<T> {
  readonly value: T;
  readonly origin: string;
}

/** The contents of `config.yaml`. */
export interface ConfigFile extends Endpoints {
  readonly server?: string;
  readonly account?: string;
  readonly keyStore?: KeyStoreKind;
  /** Give no token to a client that does not say which cluster it calls, nor for a cluster that no setup recorded. */
  readonly requireClusterInfo?: boolean;
  /** False: no tokens or AWS credentials are kept between calls. */
  readonly cache?: boolean;
  /** Tell the desktop when a program in the background needs a login. */
  readonly notify?: boolean;
}

/** The server if none is specified. Source: token/vouch/VOUCH-PROTOCOL.md, "Transport". */
const DEFAULT_SERVER = "https://us.vouch.sh";

/** The path of the settings. */
export function configPath(configFolder: string): string {
  return path.join(configFolder, "config.yaml");
}

/**
 * The settings of the machine. Throws `config-invalid` if they are broken, or if anyone but their owner could have written them.
 */
export function readSystemConfig({ file, ownerId }: SystemConfig): ConfigFile {
  const text = readTextFile(file);
  if (text === undefined) return {};
  for (const place of [file, path.dirname(file)]) requireOwner(place, ownerId);
  return readConfig(text, file);
}

function requireOwner(place: string, ownerId: number): void {
  const { uid, mode } = fs.statSync(place);
  if (uid === ownerId && (mode & 0o022) === 0) return;
  throw new VouchError(
    "config-invalid",
    `${place} is not trusted: mode ${(mode & 0o777).toString(8)}, owner ${uid}; it must belong to user ${ownerId} and be writable only by that user.`,
    {
      hint: withCommands`If its contents are correct, run ${run("chown", String(ownerId), {}, place)}, then ${run("chmod", "go-w", {}, place)}`,
    },
  );
}

/** Reads the text of `config.yaml`; undefined text means there is no such file. Throws `config-invalid`, naming the line. */
export function readConfig(text: string | undefined, file: string): ConfigFile {
  if (text === undefined || text.trim() === "") return {};
  const document = configDocument(text, file);
  const value = orInvalid(file, () => yamlValue(document));
  if (value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw noLines(file);

  const settings = Object.entries(value).map(([name, setting]) => {
    if (!isSettingName(name))
      throw configInvalid(
        file,
        `unknown setting ${name}; the known settings are ${SETTING_NAMES.join(", ")}`,
      );
    return [name, settingOf(name, setting, file)] as const;
  });
  return Object.fromEntries(settings) as ConfigFile;
}

/** The text of `config.yaml` as YAML, whatever it sets. Throws `config-invalid`, naming the line that is not valid YAML. */
export function configDocument(text: string, file: string, options: ParseOptions = {}): Document.Parsed {
  const lineCounter = new LineCounter();
  const document = orInvalid(file, () => yamlDocument(text, { ...options, lineCounter }));
  const [error] = document.errors;
  if (error === undefined) return document;
  throw configInvalid(file, `line ${lineCounter.linePos(error.pos[0]).line}: ${reasonOf(error)}`);
}

/** The value of a line. An address is checked where it is used: another setting may override it. */
function settingOf(name: SettingName, value: unknown, file: string): string | boolean {
  const { kind, form, read } = settingKey(name);
  const isFlag = kind === "switch" || kind === "truth";
  if (typeof value !== "string" && !(isFlag && typeof value === "boolean"))
    throw configInvalid(file, isFlag ? `${name} must be ${form}` : `${name} is not a string`);
  if (kind === "address") return String(value);
  const meant = read(String(value));
  if (meant === undefined) throw configInvalid(file, `${name} must be ${form}`);
  return meant;
}

function orInvalid<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof YamlRefused ? configInvalid(file, error.why) : error;
  }
}

/** Where a value may come from, highest precedence first. */
export interface SettingSources {
  readonly flag?: string | undefined;
  readonly env: Env;
  readonly config: ConfigFile;
  /** The file that contains this value of `config`. */
  readonly fileOf: (name: keyof ConfigFile) => string;
}

/** The server to call, not yet checked. `lastLogin` is the server of the last login, if anyone is logged in. */
export function serverSetting(
  { flag, env, config, fileOf }: SettingSources,
  lastLogin: string | undefined,
): Origin<string> {
  const variable = envValue(env, "VOUCH_SERVER");
  if (flag !== undefined) return { value: flag, origin: "flag --server" };
  if (variable !== undefined) return { value: variable, origin: "VOUCH_SERVER" };
  if (config.server !== undefined) return { value: config.server, origin: fileOf("server") };
  if (lastLogin !== undefined) return { value: lastLogin, origin: "last login" };
  return { value: DEFAULT_SERVER, origin: "default" };
}

/** Where secrets are kept; undefined if nothing is set. */
export function keyStoreSetting({ flag, config, fileOf }: SettingSources): Origin<KeyStoreKind | undefined> {
  if (isKeyStoreKind(flag)) return { value: flag, origin: "flag --key-store" };
  if (config.keyStore !== undefined) return { value: config.keyStore, origin: fileOf("keyStore") };
  return { value: undefined, origin: "default" };
}

/** `config-invalid` for a root that is neither a map nor empty. */
export function noLines(file: string): VouchError {
  return configInvalid(file, "it is not a list of `name: value` lines");
}

/** `config-invalid`, with the command that opens the file. `what` follows a colon. */
function configInvalid(file: string, what: string): VouchError {
  return new VouchError("config-invalid", `Cannot use ${file}: ${what}.`, {
    hint: withCommands`Correct it: ${edit(file)}`,
  });
}
