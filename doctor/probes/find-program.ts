import fs from "node:fs";
import path from "node:path";

export interface Search {
  /** Text of the variable PATH. */
  readonly searchPath: string;
  readonly platform: NodeJS.Platform;
}

/**
 * A command as Go's programs look it up: one with a slash is that file; any other is the first file on PATH that may be
 * executed. Undefined when there is none.
 *
 * Source: golang/go, os/exec, `LookPath`.
 */
export function findProgram(command: string, { searchPath, platform }: Search): string | undefined {
  const isWindows = platform === "win32";
  const names = isWindows ? [command, `${command}.exe`, `${command}.cmd`, `${command}.bat`] : [command];
  if (/[/\\]/.test(isWindows ? command : command.replaceAll("\\", ""))) {
    return names.find((name) => fs.statSync(name, { throwIfNoEntry: false })?.isFile());
  }
  return searchPath
    .split(isWindows ? ";" : ":")
    .filter((folder) => path.isAbsolute(folder))
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find(isExecutable);
}

/** Whether it is a file that we may execute. */
export function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
