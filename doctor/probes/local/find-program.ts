import fs from "node:fs";
import path from "node:path";
import { type Env, envValue } from "../../../token/env.ts";

export interface Search {
  /** Text of the variable PATH. */
  readonly searchPath: string;
  readonly platform: NodeJS.Platform;
}

/** The PATH of an environment: for programs that we run always our own, never that of an exec block. */
export function searchIn({
  env,
  platform,
}: {
  readonly env: Env;
  readonly platform: NodeJS.Platform;
}): Search {
  return { searchPath: envValue(env, "PATH") ?? envValue(env, "Path") ?? "", platform };
}

/**
 * A command as Go's programs look it up: one with a slash is that file; any other is the first file on PATH that may be
 * executed. Undefined when there is none, or when the first one lies in a relative folder of PATH or in the current one:
 * Go then runs neither that nor a later one.
 *
 * Source: golang/go, os/exec, `LookPath`, `ErrDot`.
 */
export function findProgram(command: string, { searchPath, platform }: Search): string | undefined {
  const isWindows = platform === "win32";
  const names = isWindows ? [command, `${command}.exe`, `${command}.cmd`, `${command}.bat`] : [command];
  if (/[/\\]/.test(isWindows ? command : command.replaceAll("\\", ""))) {
    return names.find((name) => fs.statSync(name, { throwIfNoEntry: false })?.isFile());
  }
  const found = searchPath
    .split(isWindows ? ";" : ":")
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find(isExecutable);
  return found !== undefined && path.isAbsolute(found) ? found : undefined;
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
