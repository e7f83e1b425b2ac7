import fs from "node:fs";
import { readTextFile } from "../private-file.ts";

/**
 * The text of a file that may as well be lost, a cache or a mark. What cannot be read counts as missing, and so does
 * what is not ours alone: the warm path does not believe it either.
 */
export function lossyText(file: string): string | undefined {
  try {
    return isOursAlone(file) ? readTextFile(file) : undefined;
  } catch {
    return undefined;
  }
}

/** Windows has no such mode bits. */
function isOursAlone(file: string): boolean {
  if (process.getuid === undefined) return true;
  const { mode, uid } = fs.statSync(file);
  return uid === process.getuid() && (mode & 0o077) === 0;
}
