import fs from "node:fs";
import path from "node:path";
import type { App } from "./app.ts";

/** The name by which kubectl and AWS tools find us. */
export const PROGRAM = "kubectl-vouch";

/**
 * The path of `kubectl-vouch` as PATH has it; links are not followed, since what they point to changes with each upgrade.
 * Undefined when it is not on PATH.
 */
export function programOnPath({ env, platform }: App): string | undefined {
  const isWindows = platform === "win32";
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(isWindows ? ";" : ":");
  const names = isWindows ? [`${PROGRAM}.exe`, `${PROGRAM}.cmd`] : [PROGRAM];
  return folders
    .filter((folder) => path.isAbsolute(folder))
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
