import { VouchError } from "../errors/errors.ts";
import { NO_FILE } from "../hot/file-identity.ts";
import { codeOf } from "./file-reasons.ts";
import { type PlainFile, readPlainFile } from "./plain-file.ts";
import { textOf } from "./private-file.ts";

/**
 * How old a file must be, in milliseconds, before its times prove that nothing wrote to it after we read it: file systems count
 * in ticks of up to two seconds. Source: git-scm.com/docs/racy-git; Microsoft, "File Times" (FAT).
 */
const TELLING_AGE_MS = 2000;

/** A file's text, and an identity that tells whether it is still the same file with the same text. */
export interface WitnessedFile {
  /** Undefined: there is no such file. */
  readonly text: string | undefined;
  /** In the form of the warm path's host. Undefined: it was written while it was read, or too recently to tell. */
  readonly identity: string | undefined;
}

/**
 * Reads a file together with its identity, both from the same open file. `now` is in milliseconds since 1970. Throws
 * `file-unreadable` for what is not a regular file, may not be read or is not UTF-8.
 */
export function readWitnessed(file: string, now: number): WitnessedFile {
  const found = readUnlessMissing(file);
  if (found === undefined) return { text: undefined, identity: NO_FILE };
  const { mtimeMs, ctimeMs } = found.facts;
  const isTelling = Math.max(mtimeMs, ctimeMs) <= now - TELLING_AGE_MS;
  return { text: textOf(file, found), identity: isTelling ? found.identity : undefined };
}

/** A path below a file counts as missing too, as in the warm path's host. */
function readUnlessMissing(file: string): PlainFile | undefined {
  try {
    return readPlainFile(file);
  } catch (error) {
    if (error instanceof VouchError && codeOf(error.cause) === "ENOTDIR") return undefined;
    throw error;
  }
}
