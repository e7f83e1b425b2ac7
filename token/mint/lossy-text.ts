import fs from "node:fs";
import { readTextFile } from "../private-file.ts";

/**
 * The text of a file that may as well be lost, a cache or a mark. What cannot be read counts as missing, and so does
 * what is no plain file or not ours alone: the warm path does not believe it either.
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
  const status = fs.statSync(file);
  if (!status.isFile()) return false;
  if (process.getuid === undefined) return true;
  return status.uid === process.getuid() && (status.mode & 0o077) === 0;
}
