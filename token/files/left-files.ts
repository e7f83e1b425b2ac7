import fs from "node:fs";
import path from "node:path";
import { isRunning } from "./lock-holder.ts";
import { namesIn } from "./names-in.ts";

/** Our temporary files, with the number of the process that writes them; names of older versions have none. */
const TEMPORARY = /^\.vouch-(?:(\d+)-)?[0-9a-f]{12,16}\.tmp$/;

/** How long a file without a process number may still be in writing, in milliseconds. */
const WRITING_MS = 60_000;

/**
 * Removes the temporary files that killed processes of ours have left in a folder, since they may contain secrets. Files that a
 * running process is writing stay. Does nothing if the folder cannot be read. `names` are those in the folder.
 */
export function removeLeftFiles(folder: string, now: number, names = namesIn(folder)): void {
  for (const name of names) {
    const match = TEMPORARY.exec(name);
    const file = path.join(folder, name);
    if (match !== null && isLeft(file, { pid: match[1], now })) fs.rmSync(file, { force: true });
  }
}

function isLeft(
  file: string,
  { pid, now }: { readonly pid: string | undefined; readonly now: number },
): boolean {
  if (pid !== undefined) return !isRunning(Number(pid));
  const changed = fs.lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now;
  return now - changed > WRITING_MS;
}
