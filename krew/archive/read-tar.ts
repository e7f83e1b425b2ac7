/**
 * Source: POSIX.1-2017, pax, "ustar Interchange Format".
 */
import type { ArchiveEntry } from "./entry.ts";

const BLOCK_SIZE = 512;

const TYPES: Readonly<Record<string, ArchiveEntry["type"]>> = {
  "0": "file",
  "\0": "file",
  "1": "hardlink",
  "2": "symlink",
  "5": "directory",
};

/**
 * All entries of a tar, in its order. Extensions of other tar formats (long names, pax headers) are entries of type "other".
 *
 * @throws Error if a header's checksum is wrong, or the tar ends before its end mark.
 */
export function readTar(tar: Buffer): ArchiveEntry[] {
  const entries: ArchiveEntry[] = [];
  let at = 0;
  for (;;) {
    const header = tar.subarray(at, at + BLOCK_SIZE);
    if (header.length < BLOCK_SIZE) throw new Error("the tar is cut short");
    if (header.every((byte) => byte === 0)) return entries;
    const size = octal(header, 124, 12);
    const end = at + BLOCK_SIZE + size;
    if (octal(header, 148, 8) !== checksum(header)) throw new Error(`the tar is damaged at byte ${at}`);
    if (end > tar.length) throw new Error("the tar is cut short");
    const prefix = text(header, 345, 155);
    const name = text(header, 0, 100);
    entries.push({
      name: prefix === "" ? name : `${prefix}/${name}`,
      type: TYPES[header.toString("latin1", 156, 157)] ?? "other",
      mode: octal(header, 100, 8),
      bytes: tar.subarray(at + BLOCK_SIZE, end),
    });
    at += BLOCK_SIZE + Math.ceil(size / BLOCK_SIZE) * BLOCK_SIZE;
  }
}

function text(header: Buffer, at: number, size: number): string {
  return header.toString("utf8", at, at + size).split("\0", 1)[0] ?? "";
}

function octal(header: Buffer, at: number, size: number): number {
  const digits = text(header, at, size).trim();
  if (!/^[0-7]*$/.test(digits)) throw new Error(`"${digits}" is no octal number of a tar`);
  return Number.parseInt(digits || "0", 8);
}

/** Sum of the header's bytes, with the checksum field itself counted as spaces. */
function checksum(header: Buffer): number {
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);
}
