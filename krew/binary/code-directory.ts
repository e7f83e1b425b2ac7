/**
 * Parses a macOS code signature: a SuperBlob of numbered blobs, one of which, the code directory, contains the hash of every
 * page. All numbers in it are big-endian.
 *
 * Source: Apple, xnu osfmk/kern/cs_blobs.h.
 */

const SUPERBLOB_MAGIC = 0xfade0cc0;
const CODE_DIRECTORY_MAGIC = 0xfade0c02;
/** Size of the fields that every code directory of version 0x20400 has, in bytes. */
const CODE_DIRECTORY_SIZE = 88;
const VERSION_WITH_EXEC_SEGMENT = 0x20400;

/** Numbers of the blobs in a SuperBlob. Those below 0x1000 are also the numbers of their hashes in the code directory. */
export const SLOT = {
  codeDirectory: 0,
  requirements: 2,
  entitlements: 5,
  derEntitlements: 7,
  alternateCodeDirectory: 0x1000,
  cms: 0x10000,
} as const;

export interface Signature {
  /** Whole blobs, with their 8-byte heads, by number. */
  readonly blobs: ReadonlyMap<number, Buffer>;
  /** The bytes after the last blob; zeros in a valid file. */
  readonly padding: Buffer;
}

/** @throws Error if the blobs are no SuperBlob, or are not inside it. */
export function readSignature(bytes: Buffer): Signature {
  if (bytes.length < 12 || bytes.readUInt32BE(0) !== SUPERBLOB_MAGIC)
    throw new Error("its signature is no SuperBlob");
  const length = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (length > bytes.length || 12 + count * 8 > length) throw new Error("its signature is truncated");
  const blobs = Array.from({ length: count }, (_, i): [number, Buffer] => {
    const offset = bytes.readUInt32BE(16 + i * 8);
    const end = offset + 8 <= length ? offset + bytes.readUInt32BE(offset + 4) : Number.POSITIVE_INFINITY;
    if (end > length) throw new Error(`blob ${i} of its signature is truncated`);
    return [bytes.readUInt32BE(12 + i * 8), bytes.subarray(offset, end)];
  });
  return { blobs: new Map(blobs), padding: bytes.subarray(length) };
}

export interface CodeDirectory {
  readonly flags: number;
  readonly identifier: string;
  /** Apple's team identifier of the signer; undefined for an ad-hoc signature. */
  readonly team: string | undefined;
  /** How many bytes from the start of the file are hashed. */
  readonly codeLimit: number;
  /** In bytes. */
  readonly pageSize: number;
  /** Name of the hash for node:crypto; undefined if we do not accept it. */
  readonly hash: "sha256" | undefined;
  readonly pageHashes: readonly Buffer[];
  /** Hashes of the other blobs, by the blob's number. */
  readonly blobHashes: ReadonlyMap<number, Buffer>;
  /** The code segment, in bytes, and whether it is that of the main program. */
  readonly execSegment: { readonly base: number; readonly limit: number; readonly isMain: boolean };
}

/** @throws Error if it is no code directory of version 0x20400 or later, with its hashes inside it. */
export function readCodeDirectory(blob: Buffer): CodeDirectory {
  if (blob.length < CODE_DIRECTORY_SIZE || blob.readUInt32BE(0) !== CODE_DIRECTORY_MAGIC) {
    throw new Error("its code directory is malformed");
  }
  const version = blob.readUInt32BE(8);
  if (version < VERSION_WITH_EXEC_SEGMENT) {
    throw new Error(`its code directory has version 0x${version.toString(16)}, expected 0x20400 or later`);
  }
  const teamAt = blob.readUInt32BE(48);
  // Platform, spare fields and scatter table.
  if (blob[38] !== 0 || blob.readBigUInt64BE(40) !== 0n || blob.readUInt32BE(52) !== 0) {
    throw new Error("its code directory has a value where none belongs");
  }
  const hashesAt = blob.readUInt32BE(16);
  const identifierAt = blob.readUInt32BE(20);
  const identifierEnd = blob.indexOf(0, identifierAt);
  const others = blob.readUInt32BE(24);
  const pages = blob.readUInt32BE(28);
  const hashSize = blob[36] ?? 0;
  if (hashesAt - others * hashSize < CODE_DIRECTORY_SIZE || hashesAt + pages * hashSize > blob.length) {
    throw new Error("its code directory is too short for its hashes");
  }
  if (identifierAt < CODE_DIRECTORY_SIZE || identifierEnd < 0)
    throw new Error("its code directory has no identifier");
  const hashAt = (index: number) =>
    blob.subarray(hashesAt + index * hashSize, hashesAt + (index + 1) * hashSize);
  const codeLimit64 = Number(blob.readBigUInt64BE(56));
  return {
    flags: blob.readUInt32BE(12),
    identifier: blob.toString("latin1", identifierAt, identifierEnd),
    team: teamAt === 0 ? undefined : blob.toString("latin1", teamAt, blob.indexOf(0, teamAt)),
    codeLimit: codeLimit64 === 0 ? blob.readUInt32BE(32) : codeLimit64,
    pageSize: 2 ** (blob[39] ?? 0),
    hash: blob[37] === 2 && hashSize === 32 ? "sha256" : undefined,
    pageHashes: Array.from({ length: pages }, (_, i) => hashAt(i)),
    blobHashes: new Map(Array.from({ length: others }, (_, i) => [i + 1, hashAt(-i - 1)])),
    execSegment: {
      base: Number(blob.readBigUInt64BE(64)),
      limit: Number(blob.readBigUInt64BE(72)),
      isMain: (blob.readBigUInt64BE(80) & 1n) === 1n,
    },
  };
}
