import fs from "node:fs";
import path from "node:path";
import { run } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";

/**
 * What to look at if a file cannot be reached: the first thing on its path that is no folder, or that we may not enter; else the
 * file itself. In a form that `ls` can show.
 */
export function obstacle(file: string, isOpen: (folder: string) => boolean = canEnter): string {
  return foldersTo(path.resolve(file)).find((folder) => !isOpen(folder)) ?? file;
}

/** A hint that shows owner and mode. */
export function lookAt(place: string): string {
  return withCommands`Check its owner and mode: ${run("ls", "-ld", {}, place)}`;
}

function foldersTo(file: string): string[] {
  const folder = path.dirname(file);
  return folder === file ? [] : [...foldersTo(folder), folder];
}

/** A missing folder is no obstacle here: that has an error of its own. */
function canEnter(folder: string): boolean {
  try {
    const facts = fs.statSync(folder, { throwIfNoEntry: false });
    if (facts === undefined) return true;
    fs.accessSync(folder, fs.constants.X_OK);
    return facts.isDirectory();
  } catch {
    return false;
  }
}
