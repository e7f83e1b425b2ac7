import fs from "node:fs";
import path from "node:path";
import { type Env, envValue } from "../../../token/env.ts";

interface Search {
  /** Value of the variable PATH. */
  readonly searchPath: string;
  /** Value of the variable PATHEXT on Windows; absent: Go's default. */
  readonly extensions?: string | undefined;
  readonly platform: NodeJS.Platform;
}

/** Where to look for programs that we run: always on our own PATH, never on that of an exec block. */
export function searchIn({
  env,
  platform,
}: {
  readonly env: Env;
  readonly platform: NodeJS.Platform;
}): Search {
  return {
    searchPath: envValue(env, "PATH") ?? envValue(env, "Path") ?? "",
    extensions: envValue(env, "PATHEXT"),
    platform,
  };
}

/**
 * A command as Go's programs look it up: with a slash it is that file; otherwise the first executable file on PATH. Undefined if
 * there is none, or if the first one is in a relative folder of PATH or in the current folder: then Go runs neither that one nor
 * a later one. On Windows a file counts only with an extension of PATHEXT.
 *
 * Source: golang/go, os/exec, `LookPath`, `ErrDot`; lp_windows.go.
 */
export function findProgram(
  command: string,
  { searchPath, extensions, platform }: Search,
): string | undefined {
  const isWindows = platform === "win32";
  const names = isWindows ? windowsNames(command, extensions) : [command];
  if (/[/\\]/.test(isWindows ? command : command.replaceAll("\\", ""))) {
    return names.find((name) => fs.statSync(name, { throwIfNoEntry: false })?.isFile());
  }
  const found = searchPath
    .split(isWindows ? ";" : ":")
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find(isExecutable);
  return found !== undefined && path.isAbsolute(found) ? found : undefined;
}

function windowsNames(command: string, extensions = ".com;.exe;.bat;.cmd"): string[] {
  const known = extensions
    .toLowerCase()
    .split(";")
    .filter((one) => one !== "")
    .map((one) => (one.startsWith(".") ? one : `.${one}`));
  const isComplete = known.includes(path.win32.extname(command).toLowerCase());
  return [...(isComplete ? [command] : []), ...known.map((extension) => `${command}${extension}`)];
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
