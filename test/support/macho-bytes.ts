import { hash } from "node:crypto";
import { SENTINEL_FUSE } from "../../krew/binary/fuse.ts";

/** A small macOS executable; a test sets only what it is about. */
export interface MachoParts {
  readonly cpuType?: number;
  readonly fileType?: number;
  /** Packed as 0xMMMMmmpp; null leaves it out. */
  readonly minimumMacos?: number | null;
  /** Bits that __TEXT is loaded with; 5 is read and execute. */
  readonly protection?: number;
  /** Names of the segments between __TEXT and the last. */
  readonly segments?: readonly string[];
  readonly last?: string;
  readonly code?: Buffer;
  /** How it is signed; null leaves it without a signature. */
  readonly signature?: SignatureParts | null;
}

interface SignatureParts {
  readonly version?: number;
  readonly flags?: number;
  readonly identifier?: string;
  /** log2 of the page size. */
  readonly pageBits?: number;
  /** 2 is SHA-256. */
  readonly hashType?: number;
  readonly isMain?: boolean;
  /** Added to the limit of what is signed, in bytes. */
  readonly limitOff?: number;
  /** Further blobs by number, with their heads. Those up to 7 get a hash. */
  readonly blobs?: Readonly<Record<number, Buffer>>;
  /** What follows the signature. */
  readonly padding?: Buffer;
}

const TEXT_SIZE = 20_000;
const SEGMENT_SIZE = 72;

/** Builds the file, by default signed ad hoc. */
export function machoBytes(parts: MachoParts = {}): Buffer {
  const { cpuType = 0x0100000c, fileType = 2, minimumMacos = 0x000b0000, protection = 5 } = parts;
  const { segments = ["NODE_SEA"], last = "__LINKEDIT", signature = {} } = parts;
  const code = parts.code ?? Buffer.from(`code ${SENTINEL_FUSE}:1`);
  const size = signature === null ? 0 : signatureBytes(Buffer.alloc(TEXT_SIZE), signature).length;
  const commands = [
    segment("__TEXT", { offset: 0, size: TEXT_SIZE, protection }),
    ...segments.map((name) => segment(name, { offset: 0, size: 0, protection: 1 })),
    segment(last, { offset: TEXT_SIZE, size, protection: 1 }),
    ...(minimumMacos === null ? [] : [command(0x32, [1, minimumMacos, 0, 0])]),
    ...(signature === null ? [] : [command(0x1d, [TEXT_SIZE, size])]),
  ];
  const text = Buffer.alloc(TEXT_SIZE);
  const sizeOfCommands = commands.reduce((sum, { length }) => sum + length, 0);
  [0xfeedfacf, cpuType, 0, fileType, commands.length, sizeOfCommands].forEach((value, i) => {
    text.writeUInt32LE(value, i * 4);
  });
  Buffer.concat(commands).copy(text, 32);
  code.copy(text, 10_000);
  return signature === null ? text : Buffer.concat([text, signatureBytes(text, signature)]);
}

function segment(
  name: string,
  { offset, size, protection }: { offset: number; size: number; protection: number },
): Buffer {
  const bytes = Buffer.alloc(SEGMENT_SIZE);
  bytes.writeUInt32LE(0x19, 0);
  bytes.writeUInt32LE(SEGMENT_SIZE, 4);
  bytes.write(name, 8, "latin1");
  bytes.writeBigUInt64LE(BigInt(offset), 40);
  bytes.writeBigUInt64LE(BigInt(size), 48);
  bytes.writeUInt32LE(protection, 60);
  return bytes;
}

function command(kind: number, fields: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 + fields.length * 4);
  [kind, bytes.length, ...fields].forEach((value, i) => {
    bytes.writeUInt32LE(value, i * 4);
  });
  return bytes;
}

/** A blob of a signature: magic, its whole length, and its content. */
export function blobBytes(magic: number, content: string): Buffer {
  const bytes = Buffer.alloc(8 + content.length);
  bytes.writeUInt32BE(magic, 0);
  bytes.writeUInt32BE(bytes.length, 4);
  bytes.write(content, 8, "latin1");
  return bytes;
}

function signatureBytes(signed: Buffer, parts: SignatureParts): Buffer {
  const { blobs = {}, padding = Buffer.alloc(0) } = parts;
  const all: [number, Buffer][] = [
    [0, codeDirectory(signed, parts)],
    ...Object.entries(blobs).map(([number, blob]): [number, Buffer] => [Number(number), blob]),
  ];
  let at = 12 + all.length * 8;
  const index = all.flatMap(([number, { length }]) => {
    at += length;
    return [number, at - length];
  });
  const head = Buffer.alloc(12 + all.length * 8);
  [0xfade0cc0, at, all.length, ...index].forEach((value, i) => {
    head.writeUInt32BE(value, i * 4);
  });
  return Buffer.concat([head, ...all.map(([, blob]) => blob), padding]);
}

function codeDirectory(signed: Buffer, parts: SignatureParts): Buffer {
  const { version = 0x20400, flags = 2, identifier = "kubectl-vouch", pageBits = 12, hashType = 2 } = parts;
  const { isMain = true, limitOff = 0, blobs = {} } = parts;
  const pageSize = 2 ** pageBits;
  const pages = Array.from({ length: Math.ceil(signed.length / pageSize) }, (_, i) =>
    signed.subarray(i * pageSize, (i + 1) * pageSize),
  );
  const numbers = Object.keys(blobs)
    .map(Number)
    .filter((number) => number <= 7);
  const slots = Math.max(0, ...numbers);
  const others = Array.from({ length: slots }, (_, i) => blobs[slots - i]);
  const hashes = [...others, ...pages].map((bytes) =>
    bytes === undefined ? Buffer.alloc(32) : hash("sha256", bytes, "buffer"),
  );
  const hashesAt = 88 + identifier.length + 1 + slots * 32;
  const head = Buffer.alloc(88 + identifier.length + 1);
  const length = head.length + hashes.length * 32;
  const limit = signed.length + limitOff;
  [0xfade0c02, length, version, flags, hashesAt, 88, slots, pages.length, limit].forEach((value, i) => {
    head.writeUInt32BE(value, i * 4);
  });
  head.set([32, hashType, 0, pageBits], 36);
  head.writeBigUInt64BE(BigInt(TEXT_SIZE), 72);
  head.writeBigUInt64BE(isMain ? 1n : 0n, 80);
  head.write(identifier, 88, "latin1");
  return Buffer.concat([head, ...hashes]);
}
