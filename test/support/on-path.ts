import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

/** The file that a shell on this machine would start by this name; the step of CI that needs it installs it. */
export function programOnPath(name: string): string {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  const found = folders.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
  return found ?? assert.fail(`${name} is not on PATH`);
}
