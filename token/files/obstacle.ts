import fs from "node:fs";
import path from "node:path";
import { run } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";

/**
 * What to look at where a file cannot be reached: the first thing on the way to it that is no folder, or that we may not
 * enter; else the file itself. It is named as `ls` can show it.
 */
export function obstacle(file: string, isOpen: (folder: string) => boolean = canEnter): string {
  return foldersTo(path.resolve(file)).find((folder) => !isOpen(folder)) ?? file;
}

/** A hint that shows what is there, and whose it is. */
export function lookAt(place: string): string {
  return withCommands`Look at its owner and mode: ${run("ls", "-ld", {}, place)}`;
}

function foldersTo(file: string): string[] {
  const folder = path.dirname(file);
  return folder === file ? [] : [...foldersTo(folder), folder];
}

/** One that is missing stops nobody: that is said in other words. */
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
