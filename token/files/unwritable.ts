import fs from "node:fs";
import path from "node:path";
import { run } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { VouchError } from "../errors/errors.ts";
import { codeOf, whyFailed } from "./file-reasons.ts";
import { lookAt, obstacle } from "./obstacle.ts";

/**
 * The error for a file or folder that could not be written, created or removed, with the reason in words, and a hint for that
 * reason. `what` is a sentence without its full stop.
 */
export function unwritable(file: string, cause: unknown, what = `${file} cannot be written`): VouchError {
  const hint = hintFor(file, codeOf(cause));
  return new VouchError("file-unwritable", `${what}: ${whyFailed(cause)}.`, {
    cause,
    ...(hint === undefined ? {} : { hint }),
  });
}

export function isUnwritable(error: unknown): error is VouchError {
  return error instanceof VouchError && error.code === "file-unwritable";
}

function hintFor(file: string, code: string): string | undefined {
  if (process.platform === "win32") return undefined;
  const disk = run("df", "-h", {}, folderThere(file));
  switch (code) {
    case "ENOSPC":
      return withCommands`Free space on its disk: ${disk}`;
    case "EROFS":
      return withCommands`Check which file system it is on: ${disk}`;
    case "ENOENT":
      return withCommands`Create its folder: ${run("mkdir", "-p", {}, path.dirname(file))}`;
    case "EACCES":
    case "EPERM":
      return lookAt(closedFolder(file));
    case "ENOTDIR":
    case "EISDIR":
      return lookAt(obstacle(file));
    default:
      return undefined;
  }
}

/** The folder that would contain it, or its nearest existing parent. */
function folderThere(file: string): string {
  const folder = path.dirname(file);
  return folder === file || fs.existsSync(folder) ? folder : folderThere(folder);
}

/** What prevents writing there: a folder on the path that we may not enter, else the one that we may not write. */
function closedFolder(file: string): string {
  const place = obstacle(file);
  return place === file ? folderThere(file) : place;
}
