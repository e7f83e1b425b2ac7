import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { CODE_INJECTION_PREFIXES, CODE_INJECTION_VARIABLES, DROPPED_PREFIX } from "../../token/hot/gate.ts";
import { SETTING_NAMES } from "../../token/settings/setting-keys.ts";
import { onPosix } from "../support/platform.ts";
import { PROFILE_SETTINGS } from "./rogue.ts";
import { STEERING_ROWS } from "./rows.ts";
import { isOnPage, namesOnPage } from "./security-page.ts";

const ROOT = path.resolve(import.meta.dirname, "..", "..");

/** How our code asks for a variable by its name, in TypeScript and C. */
const READS = [
  /\benv\w*\(\s*(?:[\w.]+,\s*)?"([A-Za-z_]\w*)"/g,
  /\benv(?:ironment)?\[["']([A-Za-z_]\w*)["']\]/g,
  /\b(?:getenv|xdg|value|pluginVariable)\((?:\w+,\s*)?"([A-Za-z_]\w*)"/g,
];

/** Asks for a variable whose name is written elsewhere in the file, mostly in a list. */
const READS_BY_LIST = /\benv(?:ironment)?\[(?!["'])|\benvValue\(\s*[\w.]+,\s*(?!")|\benv\((?!["')])/;

/** A text that is written as a variable is; but the second argument of a call is a value. */
const WRITTEN = /(?<!\("\w+", )"((?:[A-Z][A-Z0-9]*_)+[A-Z0-9]+|[a-z]+_proxy)"/g;

function variablesInSources(): Map<string, string> {
  const folders = ["token", "doctor", "plugin", "krew/core", "krew/launcher"];
  const files = execFileSync("git", ["ls-files", ...folders], { cwd: ROOT, encoding: "utf8" }).split("\n");
  const found = new Map<string, string>();
  for (const file of files.filter((name) => /\.(?:ts|c|h)$/.test(name))) {
    if (!fs.existsSync(path.join(ROOT, file))) continue;
    const text = fs.readFileSync(path.join(ROOT, file), "utf8");
    for (const pattern of [...READS, ...(READS_BY_LIST.test(text) ? [WRITTEN] : [])])
      for (const [, name = ""] of text.matchAll(pattern)) found.set(name, file);
  }
  return found;
}

describe("the table of variables in SECURITY.md", () => {
  onPosix("paths", "has a row for each variable that our sources ask for", () => {
    const missing = [...variablesInSources()].filter(([name]) => !isOnPage(name));
    assert.deepEqual(missing, []);
  });

  onPosix("paths", "finds the variables that it is there for", () => {
    const found = variablesInSources();
    for (const name of ["HOME", "AWS_ENDPOINT_URL_STS", "https_proxy", "CODEX_SANDBOX", "SSH_TTY", "PATH"])
      assert.ok(found.has(name), name);
  });

  it("has a row for each setting", () => {
    assert.deepEqual(
      SETTING_NAMES.filter((key) => !isOnPage(key)),
      [],
    );
  });

  it("has no row that is not tried", () => {
    const gate = [
      ...CODE_INJECTION_PREFIXES.map((prefix) => `${prefix}*`),
      ...CODE_INJECTION_VARIABLES,
      `${DROPPED_PREFIX}*`,
    ];
    const tried = new Set([
      ...STEERING_ROWS.flatMap(({ names }) => names),
      ...SETTING_NAMES,
      ...PROFILE_SETTINGS,
      ...gate,
      "KUBERNETES_EXEC_INFO",
    ]);
    assert.deepEqual(
      namesOnPage().filter((name) => !tried.has(name)),
      [],
    );
    assert.deepEqual(
      [...tried].filter((name) => !namesOnPage().includes(name)),
      [],
    );
  });
});
