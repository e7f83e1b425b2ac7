import { gzipSync, type Zippable, zipSync } from "fflate";
import { type ArchiveFile, inOrder, MTIME_YEAR, modeOf } from "./entry.ts";
import { tar } from "./pack-tar.ts";

/** Marks the mode of an entry as a Unix mode; otherwise programs that unpack it make one up. */
const MADE_BY_UNIX = 3;

/** A regular file, in the upper half of a mode. */
const REGULAR_FILE = 0o100000;

/**
 * A `.tar.gz` that is identical for the same files, on every machine: compressed by JavaScript and not by zlib, whose output differs
 * between processors.
 *
 * @throws Error if a name is too long.
 */
export function tarGz(files: readonly ArchiveFile[]): Buffer {
  const packed = gzipSync(tar(files), { level: 9, mtime: 0 });
  return Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
}

/**
 * A `.zip` that is identical for the same files, on every machine. A zip's dates have no time zone, and fflate takes them from
 * local time, so local time is used here.
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
