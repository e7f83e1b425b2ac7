/**
 * Where Windows looks for the libraries that a program imports: by default first beside the program, where others might put one.
 *
 * Source: Microsoft, "PE Format": load configuration; "/DEPENDENTLOADFLAG".
 */
import { offsetOf } from "./pe-imports.ts";

/** Offsets in the optional header, the index of the load configuration among the directories, and the field's offset in it. */
const DIRECTORY_COUNT_AT = 108;
const DIRECTORIES_AT = 112;
const LOAD_CONFIG_DIRECTORY = 10;
const FLAGS_AT = 0x4e;

/** LOAD_LIBRARY_SEARCH_SYSTEM32. */
const SYSTEM_ONLY = 0x800;

/** @throws RangeError if the program has no such field. */
function flagsAt(file: Buffer): number {
  const optionalAt = file.readUInt32LE(60) + 24;
  if (file.readUInt32LE(optionalAt + DIRECTORY_COUNT_AT) <= LOAD_CONFIG_DIRECTORY)
    throw new RangeError("no load configuration");
  const entryAt = optionalAt + DIRECTORIES_AT + LOAD_CONFIG_DIRECTORY * 8;
  const at = offsetOf(file, file.readUInt32LE(entryAt));
  const size = Math.min(file.readUInt32LE(entryAt + 4), file.readUInt32LE(at));
  if (size < FLAGS_AT + 2) throw new RangeError(`a load configuration of ${size} bytes`);
  return at + FLAGS_AT;
}

/**
 * A copy whose own imports Windows takes from its own folder only. The checksum must be computed afterwards. `file` is one that
 * `readPe` accepts.
 *
 * @throws RangeError if the program's load configuration has no place for it.
 */
export function withSystemImports(file: Buffer): Buffer {
  const copy = Buffer.from(file);
  copy.writeUInt16LE(SYSTEM_ONLY, flagsAt(file));
  return copy;
}

/** Why its imports might come from elsewhere, in words; empty if they cannot. `file` is one that `readPe` accepts. */
export function loadFlagProblems(file: Buffer): string[] {
  try {
    const flags = file.readUInt16LE(flagsAt(file));
    return flags === SYSTEM_ONLY ? [] : [`its load flags are 0x${flags.toString(16)}, expected 0x800`];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return ["its load flags cannot be read"];
  }
}
