import { unsetVariables } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { envValue } from "../../token/env.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { ourFolders } from "../../token/files/folders.ts";
import { ensurePrivateDirectory, readTextFile, writeFileAtomically } from "../../token/files/private-file.ts";
import {
  isSettingName,
  SETTING_NAMES,
  type SettingName,
  settingKey,
} from "../../token/settings/setting-keys.ts";
import { configPath, readConfig } from "../../token/settings/settings.ts";
import { yamlDocument } from "../../token/text/yaml.ts";
import { serverUrl } from "../../token/vouch/server-url.ts";
import type { App } from "../app.ts";
import { nearestWord } from "../nearest-word.ts";
import { printObject, table } from "../terminal/output.ts";
import type { OutputChoice } from "../terminal/output-choice.ts";
import { applySettings } from "../vouch/apply-settings.ts";
import { readWorkplace } from "../vouch/workplace.ts";

/** Writes one setting into the person's file; comments and the other lines stay. */
export async function runConfigSet(
  { name, value, output }: { readonly name: string; readonly value: string; readonly output: OutputChoice },
  app: App,
): Promise<void> {
  const key = knownName(name);
  const meant = readValue(key, value);
  const shown = typeof meant === "boolean" && key !== "requireClusterInfo" ? (meant ? "on" : "off") : meant;
  const file = edit(app, (document) => document.set(key, shown));
  await applySettings(app, readWorkplace(app));
  if (output !== "text") return void printObject(app, output, "Setting", { name: key, value: meant, file });
  app.io.err(`${key} is ${shown} now (${file}).\n`);
  const variable = variableInTheWay(app, key);
  if (variable !== undefined)
    app.io.err(`${variable} is set here, and is stronger: ${withCommands`${unsetVariables(variable)}`}\n`);
}

/** Removes one setting from the person's file; also one that nobody knows, which keeps the file from being read. */
export async function runConfigUnset(
  { name, output }: { readonly name: string; readonly output: OutputChoice },
  app: App,
): Promise<void> {
  const path = configPath(ourFolders(app).config);
  const isThere = yamlDocument(readTextFile(path) ?? "").has(name);
  if (!isThere) knownName(name);
  const file = isThere ? edit(app, (document) => void document.delete(name)) : path;
  await applySettings(app, readWorkplace(app));
  if (output !== "text") return void printObject(app, output, "Setting", { name, value: null, file });
  const means = isSettingName(name) ? `: ${settingKey(name).default}` : "";
  app.io.err(
    isThere ? `${name} has its default now${means} (${file}).\n` : `${name} was not set in ${file}.\n`,
  );
}

/** Every setting there is, with its default, what is stronger, and what it means. */
export function runConfigList(output: OutputChoice, app: App): void {
  const { config } = readWorkplace(app);
  const rows = SETTING_NAMES.map((name) => ({ name, value: config[name], ...describedKey(name) }));
  if (output !== "text") {
    const settings = rows.map(({ value, ...row }) => ({ ...row, value: value ?? null }));
    printObject(app, output, "SettingList", { settings });
    return;
  }
  const cells = rows.map(({ name, value, default: usual, stronger, meaning }) => [
    name,
    value === undefined ? "-" : String(value),
    usual,
    stronger ?? "-",
    meaning,
  ]);
  app.io.out(table([["SETTING", "VALUE", "DEFAULT", "STRONGER", "MEANING"], ...cells]));
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
    `There is no setting ${JSON.stringify(name)}${near === undefined ? "" : `; did you mean ${near}?`}`,
    { hint: "`kubectl vouch config list` shows all of them." },
  );
}

function readValue(name: SettingName, text: string): string | boolean {
  if (name === "server") return serverUrl(text).base;
  const { read, form } = settingKey(name);
  const value = read(text);
  if (value !== undefined) return value;
  throw new VouchError("usage", `${name} takes ${form}, and was given ${JSON.stringify(text)}.`, {
    hint: "`kubectl vouch config list` shows what each setting takes.",
  });
}

/** Changes the file as a whole, or not at all; gives its path. Throws `config-invalid` for one that cannot be read. */
function edit(app: App, change: (document: ReturnType<typeof yamlDocument>) => void): string {
  const folder = ourFolders(app).config;
  const file = configPath(folder);
  const before = readTextFile(file) ?? "";
  const document = yamlDocument(before);
  if (document.errors.length > 0) readConfig(before, file);
  change(document);
  const after = document.contents === null ? "" : document.toString({ lineWidth: 0 });
  const isEmpty =
    yamlDocument(after).toJS() === null || Object.keys(yamlDocument(after).toJS() ?? {}).length === 0;
  const text = isEmpty && !/#/.test(after) ? "" : after;
  readConfig(text, file);
  ensurePrivateDirectory(folder);
  writeFileAtomically(file, text);
  return file;
}

/** A variable that says otherwise; not its value, which may be a secret of another program. */
function variableInTheWay({ env }: App, name: SettingName): string | undefined {
  const words = settingKey(name).stronger?.split(", ") ?? [];
  return words.find((word) => /^[A-Z_]+$/.test(word) && envValue(env, word) !== undefined);
}
