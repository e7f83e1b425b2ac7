import { VouchError } from "../errors/errors.ts";
import { NO_FILE } from "../hot/file-identity.ts";
import { codeOf } from "./file-reasons.ts";
import { type PlainFile, readPlainFile } from "./plain-file.ts";
import { textOf } from "./private-file.ts";

/**
 * How old a file must be, in milliseconds, before its times tell that nothing wrote to it after we read it: file systems count
 * in ticks of up to two seconds. Source: git-scm.com/docs/racy-git; Microsoft, "File Times" (FAT).
 */
const TELLING_AGE_MS = 2000;

/** A file's text, and what tells whether it is still the same file with the same text. */
export interface WitnessedFile {
  /** Undefined: there is no such file. */
  readonly text: string | undefined;
  /** As the warm path's host has it. Undefined: it was written while it was read, or so lately that it cannot tell. */
  readonly identity: string | undefined;
}

/**
 * Reads a file together with its identity, both of the very file that was opened. `now` is in milliseconds since 1970. Throws
 * `file-unreadable` for what is no plain file, may not be read or is not UTF-8.
 */
export function readWitnessed(file: string, now: number): WitnessedFile {
  const found = readUnlessMissing(file);
  if (found === undefined) return { text: undefined, identity: NO_FILE };
  const { mtimeMs, ctimeMs } = found.facts;
  const isTelling = Math.max(mtimeMs, ctimeMs) <= now - TELLING_AGE_MS;
  return { text: textOf(file, found), identity: isTelling ? found.identity : undefined };
}

/** What lies below a file is missing too, as the warm path's host has it. */
function readUnlessMissing(file: string): PlainFile | undefined {
  try {
    return readPlainFile(file);
  } catch (error) {
    if (error instanceof VouchError && codeOf(error.cause) === "ENOTDIR") return undefined;
    throw error;
  }
}
