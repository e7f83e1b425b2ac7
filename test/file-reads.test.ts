import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { onPosix } from "./support/platform.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Every way in which JavaScript of Node opens or reads a file. */
const READING =
  /\b(?:readFile|readFileSync|createReadStream|openSync|openAsBlob|readSync|readvSync|copyFile|copyFileSync|cpSync|FileHandle)\b|fs\.(?:open|read|promises)\b|node:fs\/promises|process\.binding/;

/** Who may, and why it is not `readPlainFile`. */
const ALLOWED: Readonly<Record<string, string>> = {
  "token/files/plain-file.ts": "the one place",
  "token/node-host.ts":
    "the warm path imports nothing; it opens without blocking, and reads a plain file up to a limit",
  "token/files/private-file.ts": "makes new files to write into (`wx`)",
  "token/files/file-lock.ts": "makes a new lock file (`wx`)",
  "token/fido2/hid/hidraw.ts": "a security key is a device; opened without blocking, read report by report",
  "plugin/commands/doctor/case-files.ts":
    "reads a pipe that the person named, as shells make them, up to a limit",
  "plugin/terminal/terminal.ts": "the terminal is a device",
  "plugin/terminal/hide-typing.ts": "discards what was typed on it",
  "doctor/reference/pages.ts": "not shipped: writes the pages of this repository",
};

/** Code of the shipped core that lies in krew/. */
const SHIPPED_OF_KREW = ["krew/core/main.ts", "krew/core/chunk-loader.ts", "krew/core/parts.ts"];

describe("files", () => {
  onPosix("paths", "are opened for reading in one place", () => {
    const files = ["doctor", "plugin", "token"].flatMap((folder) =>
      fs
        .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .map((file) => path.join(folder, file))
        // The warm path has no way to a file but its Host, which the linter holds.
        .filter((file) => file.endsWith(".ts") && !file.startsWith("token/hot/")),
    );
    const reading = [...files, ...SHIPPED_OF_KREW].filter((file) =>
      READING.test(withoutComments(fs.readFileSync(path.join(ROOT, file), "utf8"))),
    );
    assert.deepEqual(reading.sort(), Object.keys(ALLOWED).sort());
  });
});

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*\*?[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}
