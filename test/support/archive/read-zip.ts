/**
 * Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 and 4.4.
 */
import { crc32, inflateRawSync } from "node:zlib";
import type { ArchiveEntry } from "../../../krew/archive/entry.ts";

const LOCAL_MAGIC = 0x04034b50;
const CENTRAL_MAGIC = 0x02014b50;
const END_MAGIC = Buffer.from("PK\x05\x06", "latin1");
const STORED = 0;
const DEFLATED = 8;
const MADE_BY_UNIX = 3;

/** File type in the upper bits of a Unix mode. */
const KINDS: ReadonlyMap<number, ArchiveEntry["type"]> = new Map([
  [0, "file"],
  [0o100000, "file"],
  [0o040000, "directory"],
  [0o120000, "symlink"],
]);

/**
 * All entries of a zip's directory, in its order, each compared with the header before its bytes.
 *
 * @throws Error if the zip is damaged, encrypted, larger than 4 GB, or compressed by another method.
 */
export function readZip(zip: Buffer): ArchiveEntry[] {
  const endAt = zip.lastIndexOf(END_MAGIC);
  if (endAt < 0 || endAt + 22 > zip.length) throw new Error("the zip is cut short");
  const entries: ArchiveEntry[] = [];
  let at = zip.readUInt32LE(endAt + 16);
  for (let left = zip.readUInt16LE(endAt + 10); left > 0; left--) {
    if (at + 46 > endAt || zip.readUInt32LE(at) !== CENTRAL_MAGIC)
      throw new Error("the zip's directory is damaged");
    const nameEnd = at + 46 + zip.readUInt16LE(at + 28);
    entries.push(entry(zip, at, zip.toString("utf8", at + 46, nameEnd)));
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  if (at !== endAt) throw new Error("the zip's directory is damaged");
  return entries;
}

/** Reads the entry whose directory record is at `at`. */
function entry(zip: Buffer, at: number, name: string): ArchiveEntry {
  const madeByUnix = zip[at + 5] === MADE_BY_UNIX;
  const mode = madeByUnix ? zip.readUInt16LE(at + 40) : 0;
  const type = name.endsWith("/") ? "directory" : (KINDS.get(mode & 0o170000) ?? "other");
  const bytes = content(zip, {
    name,
    flags: zip.readUInt16LE(at + 8),
    method: zip.readUInt16LE(at + 10),
    crc: zip.readUInt32LE(at + 16),
    packedSize: zip.readUInt32LE(at + 20),
    size: zip.readUInt32LE(at + 24),
    localAt: zip.readUInt32LE(at + 42),
  });
  return { name, type, mode: mode & 0o777, bytes };
}

interface Packed {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  /** In bytes. */
  readonly packedSize: number;
  /** Unpacked size, in bytes. */
  readonly size: number;
  /** Offset of its header, in bytes. */
  readonly localAt: number;
}

function content(zip: Buffer, { name, flags, method, crc, packedSize, size, localAt }: Packed): Buffer {
  if ((flags & 1) !== 0) throw new Error(`${name} is encrypted`);
  if (packedSize === 0xffffffff || size === 0xffffffff) throw new Error(`${name} is too large`);
  if (localAt + 30 > zip.length || zip.readUInt32LE(localAt) !== LOCAL_MAGIC)
    throw new Error(`${name} is damaged`);
  const nameEnd = localAt + 30 + zip.readUInt16LE(localAt + 26);
  const start = nameEnd + zip.readUInt16LE(localAt + 28);
  const localName = zip.toString("utf8", localAt + 30, nameEnd);
  if (localName !== name) throw new Error(`${name} is called "${localName}" at its bytes`);
  const packed = zip.subarray(start, start + packedSize);
  const bytes = unpacked(packed, { name, method, size });
  if (bytes.length !== size || crc32(bytes) !== crc) throw new Error(`${name} is damaged`);
  return bytes;
}

function unpacked(packed: Buffer, { name, method, size }: Pick<Packed, "name" | "method" | "size">): Buffer {
  if (method === STORED) return packed;
  if (method !== DEFLATED) throw new Error(`${name} is compressed by method ${method}`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
  } catch (cause) {
    throw new Error(`${name} is damaged`, { cause });
  }
}
