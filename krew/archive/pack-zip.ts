import { type Zippable, zipSync } from "fflate";
import { type ArchiveFile, inOrder, MTIME_YEAR, modeOf } from "./entry.ts";

/** Says that the mode of an entry is one of Unix; else what unpacks it makes up its own. */
const MADE_BY_UNIX = 3;

/** A regular file, in the upper half of a mode. */
const REGULAR_FILE = 0o100000;

/**
 * A `.zip` that is the same for the same files, on every machine. A zip's dates are without a time zone; fflate takes
 * them from local time, so local time it is.
 */
export function zip(files: readonly ArchiveFile[]): Buffer {
  const entries: Zippable = {};
  for (const file of inOrder(files)) {
    entries[file.name] = [
      file.bytes,
      {
        level: 9,
        mtime: new Date(MTIME_YEAR, 0, 1),
        os: MADE_BY_UNIX,
        attrs: ((REGULAR_FILE | modeOf(file)) << 16) >>> 0,
      },
    ];
  }
  const packed = zipSync(entries);
  return Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
}
