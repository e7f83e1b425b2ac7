import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

/** The file that a shell on this machine would start by this name; the step of CI that needs it installs it. */
export function programOnPath(name: string): string {
  return programsOnPath(name)[0] ?? assert.fail(`${name} is not on PATH`);
}

/** The same, and the later ones on PATH that it hides. */
export function programsOnPath(name: string): string[] {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  return folders.map((folder) => path.join(folder, name)).filter((file) => fs.existsSync(file));
}
