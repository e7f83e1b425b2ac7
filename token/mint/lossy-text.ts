import type { Stats } from "node:fs";
import { readPlainFile } from "../files/plain-file.ts";
import { textOf } from "../files/private-file.ts";

/**
 * The text of a file that may be lost without harm, a cache or a mark. A file that cannot be read counts as missing, and so does
 * one that is not a regular file or not ours alone: the warm path does not trust it either.
 */
export function lossyText(file: string): string | undefined {
  try {
    const found = readPlainFile(file);
    return found !== undefined && isOursAlone(found.facts) ? textOf(file, found) : undefined;
  } catch {
    return undefined;
  }
}

/** Windows has no such mode bits. */
function isOursAlone({ uid, mode }: Stats): boolean {
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
}
