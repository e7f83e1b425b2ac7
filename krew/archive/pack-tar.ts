/**
 * Source: POSIX.1-2017, pax, "ustar Interchange Format".
 */
import { type ArchiveFile, inOrder, MTIME_YEAR, modeOf } from "./entry.ts";

const BLOCK_SIZE = 512;

/** Longest name of a ustar entry without its prefix field, in bytes. */
const NAME_SIZE = 100;

/**
 * A tar that is identical for the same files: owned by root, with one date, sorted by name.
 *
 * @throws Error if a name is too long.
 */
export function tar(files: readonly ArchiveFile[]): Buffer {
  const blocks = inOrder(files).flatMap((file) => [header(file), file.bytes, padding(file.bytes.length)]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK_SIZE)]);
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK_SIZE - (size % BLOCK_SIZE)) % BLOCK_SIZE);
}

function header(file: ArchiveFile): Buffer {
  if (Buffer.byteLength(file.name) > NAME_SIZE) throw new Error(`name too long for a tar: ${file.name}`);
  const block = Buffer.alloc(BLOCK_SIZE);
  const octal = (value: number, at: number, size: number) => {
    block.write(`${value.toString(8).padStart(size - 1, "0")}\0`, at, "latin1");
  };
  block.write(file.name, 0);
  octal(modeOf(file), 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(file.bytes.length, 124, 12);
  octal(Date.UTC(MTIME_YEAR, 0, 1) / 1000, 136, 12);
  block.fill(" ", 148, 156);
  block.write("0", 156, "latin1");
  block.write("ustar\x0000", 257, "latin1");
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}
