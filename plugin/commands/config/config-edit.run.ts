import { typed, unsetVariables } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { envValue } from "../../../token/env.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { lockPath, withFileLock } from "../../../token/files/file-lock.ts";
import { ourFolders } from "../../../token/files/folders.ts";
import { readTextFile } from "../../../token/files/plain-file.ts";
import { ensurePrivateDirectory, writeFileAtomically } from "../../../token/files/private-file.ts";
import {
  isSettingName,
  SETTING_NAMES,
  type SettingName,
  settingKey,
} from "../../../token/settings/setting-keys.ts";
import { configPath, readConfig } from "../../../token/settings/settings.ts";
import { serverUrl } from "../../../token/vouch/server-url.ts";
import type { App } from "../../app.ts";
import { nearestWord } from "../../command-line/nearest-word.ts";
import { printObject } from "../../terminal/output.ts";
import type { OutputChoice } from "../../terminal/output-choice.ts";
import { indented, textWidth } from "../../terminal/style.ts";
import { applySettings } from "../../workplace/cache.ts";
import { usualFolders } from "../../workplace/server-record.ts";
import { Desk } from "../../workplace/workplace.ts";
import {
  type ConfigText,
  repeated,
  shownSetting,
  withoutPassword,
  withoutSetting,
  withSetting,
} from "./edit-config-text.ts";

/** Writes one setting into the person's file; every other byte of it stays. */
export async function runConfigSet(
  { name, value, output }: { readonly name: string; readonly value: string; readonly output: OutputChoice },
  app: App,
): Promise<void> {
  const key = knownName(name);
  const meant = readValue(key, value);
  const file = configPath(ourFolders(app).config);
  await changeConfig(
    app,
    (config) => withSetting(config, key, meant),
    () => applySettings(new Desk(app)),
  );
  if (output !== "text") return void printObject(app, output, "Setting", { name: key, value: meant, file });
  app.io.err(`${key} is now ${shownSetting(key, meant)} (${file}).\n`);
  sayVariableInTheWay(app, key);
  sayCanBeAvoided(app, key, meant);
}

/**
 * Removes one setting from the person's file, even an unknown one, which keeps the file from being read. Any other fault in the
 * file is a warning.
 */
export async function runConfigUnset(
  { name, output }: { readonly name: string; readonly output: OutputChoice },
  app: App,
): Promise<void> {
  const file = configPath(ourFolders(app).config);
  const isThere = await unset(app, name, file);
  const problem = problemIn(file);
  const isKnown = problem === undefined && isSettingName(name);
  if (output !== "text") printObject(app, output, "Setting", { name, value: null, file });
  else if (isKnown) app.io.err(`${unsetLine(app, name, isThere)}\n`);
  else app.io.err(`${repeated(name)} ${isThere ? "was removed from" : "was not set in"} ${file}.\n`);
  if (isKnown && output === "text") sayVariableInTheWay(app, name);
  if (problem !== undefined)
    app.io.err(`warning: ${problem.message}\n${problem.hint === undefined ? "" : `${problem.hint}\n`}`);
}

/** False when the file does not have it. Throws `usage` for a name that is neither there nor a setting. */
async function unset(app: App, name: string, file: string): Promise<boolean> {
  const change = (config: ConfigText) => {
    const after = withoutSetting(config, name);
    if (after === undefined) knownName(name);
    return after;
  };
  const apply = async () => {
    if (problemIn(file) === undefined) await applySettings(new Desk(app));
  };
  if (readTextFile(file) !== undefined) return changeConfig(app, change, apply);
  knownName(name);
  await apply();
  return false;
}

/** Why the person's file cannot be used, if so. */
function problemIn(file: string): VouchError | undefined {
  try {
    readConfig(readTextFile(file), file);
    return undefined;
  } catch (error) {
    if (error instanceof VouchError && error.code === "config-invalid") return error;
    throw error;
  }
}

/** What became of a setting, and which value is in force now. */
function unsetLine(app: App, name: SettingName, isThere: boolean): string {
  const { config, configFile, fileOf } = new Desk(app).workplace;
  const value = printed(name, config[name]);
  if (value === undefined) {
    const usual = settingKey(name).default;
    return isThere
      ? `${name} now has its default value: ${usual} (${configFile}).`
      : `${name} was not set in ${configFile}.`;
  }
  const now = shownSetting(name, value);
  return isThere
    ? `${name} is now ${now}, from ${fileOf(name)} (${configFile} no longer sets it).`
    : `${name} was not set in ${configFile}; it is ${now}, from ${fileOf(name)}.`;
}

/** Prints every setting there is, with its default, what overrides it, and what it means. */
export function runConfigList(output: OutputChoice, app: App): void {
  const { config, configFile, fileOf } = new Desk(app).workplace;
  const rows = SETTING_NAMES.map((name) => ({
    name,
    value: printed(name, config[name]) ?? null,
    origin: config[name] === undefined ? null : fileOf(name),
    ...describedKey(name),
  }));
  if (output !== "text") return void printObject(app, output, "SettingList", { settings: rows });
  for (const { name, value, origin, default: usual, stronger, meaning } of rows) {
    const shown = value === null ? "not set" : String(shownSetting(name, value));
    const isOwn = origin === null || origin === configFile;
    const more = `Default: ${usual}.${stronger === null ? "" : ` Overridden by: ${stronger}.`}`;
    app.io.out(`${name}: ${isOwn ? shown : `${shown} (${origin})`}\n`);
    app.io.out(indented(`${meaning} ${more}`, "    ", textWidth(app)));
  }
}

/** An address that a user wrote can contain a password. */
function printed<T>(name: SettingName, value: T): T | string {
  return typeof value === "string" && settingKey(name).kind === "address" ? withoutPassword(value) : value;
}

function describedKey(name: SettingName) {
  const { default: usual, stronger, meaning, form } = settingKey(name);
  return { default: usual, stronger: stronger ?? null, form, meaning };
}

function knownName(name: string): SettingName {
  if (isSettingName(name)) return name;
  const near = nearestWord(name, SETTING_NAMES);
  throw new VouchError(
    "usage",
    `Unknown setting ${JSON.stringify(repeated(name))}${near === undefined ? "." : `; did you mean ${near}?`}`,
    { hint: "`kubectl vouch config list` shows all settings." },
  );
}

function readValue(name: SettingName, text: string): string | boolean {
  if (name === "server") return serverUrl(text).base;
  const { read, form } = settingKey(name);
  const value = read(text);
  if (value !== undefined) return value;
  throw new VouchError("usage", `${name} must be ${form}, not ${JSON.stringify(repeated(text))}.`, {
    hint: "`kubectl vouch config list` shows the allowed values of each setting.",
  });
}

function sayVariableInTheWay(app: App, name: SettingName): void {
  const variable = variableInTheWay(app, name);
  if (variable !== undefined)
    app.io.err(
      `${variable} is set in this shell and overrides the setting: ${withCommands`${unsetVariables(variable)}`}\n`,
    );
}

/** A setting that may refuse a token, in a folder to which variables lead, as an exec block could lead elsewhere. */
function sayCanBeAvoided(app: App, name: SettingName, value: string | boolean): void {
  const usual = usualFolders(app);
  const refuses = name === "requireClusterInfo" ? value === true : name === "cache" && value === false;
  if (!refuses || usual === undefined || usual.config === ourFolders(app).config) return;
  const text = name === "cache" ? "off" : "true";
  const again = ["kubectl", "vouch", "config", "set", name, text];
  const words = [
    "env",
    "-u",
    "XDG_CONFIG_HOME",
    "-u",
    "XDG_STATE_HOME",
    `HOME=${app.databaseHome}`,
    ...again,
  ];
  const how = app.platform === "win32" ? "" : withCommands`: ${typed(words)}`;
  app.io.err(
    `warning: for AWS profiles, a kubeconfig can bypass this file. Also set ${name} in ${configPath(usual.config)}${how}\n`,
  );
}

/** The name of a variable that overrides a setting; its value may be a secret of another program. */
function variableInTheWay({ env }: App, name: SettingName): string | undefined {
  const words = settingKey(name).stronger?.split(", ") ?? [];
  return words.find((word) => /^[A-Z_]+$/.test(word) && envValue(env, word) !== undefined);
}

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
async function changeConfig(app: App, change: Change, rest: () => Promise<void>): Promise<boolean> {
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
