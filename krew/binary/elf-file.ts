/**
 * The parts of a 64-bit little-endian ELF file: header, segments, sections.
 *
 * Source: System V ABI, chapters 4 and 5, and <elf.h>.
 */

export const SHT_NOBITS = 8;
export const SHF_ALLOC = 0x2;
export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_INTERP = 3;
export const PT_GNU_STACK = 0x6474e551;
export const PT_GNU_RELRO = 0x6474e552;
export const PF_X = 1;
export const PF_W = 2;

/** Sizes of the file header and of one section header, in bytes. */
export const ELF_HEADER_SIZE = 64;
export const SECTION_HEADER_SIZE = 64;
const PROGRAM_HEADER_SIZE = 56;

/** One program header. Offsets and sizes in bytes. */
interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
}

/** One section header, with its name resolved. Offsets and sizes in bytes. */
export interface Section {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: bigint;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly align: number;
  readonly entrySize: number;
}

export interface ElfFile {
  /** `e_machine`: 62 is x86-64, 183 is AArch64. */
  readonly machine: number;
  readonly segments: readonly Segment[];
  readonly sections: readonly Section[];
}

/**
 * Reads an ELF file's tables.
 *
 * @throws Error if it is no 64-bit little-endian ELF file, or a table or segment extends beyond its end.
 */
export function readElf(file: Buffer): ElfFile {
  if (file.length < ELF_HEADER_SIZE || file.readUInt32BE(0) !== 0x7f454c46) throw new Error("no ELF file");
  if (file[4] !== 2 || file[5] !== 1) throw new Error("not a 64-bit little-endian ELF file");
  const segments = table(file, {
    name: "program headers",
    offset: number(file, 32),
    count: file.readUInt16LE(56),
    entrySize: PROGRAM_HEADER_SIZE,
  }).map(segment);
  const sections = table(file, {
    name: "section headers",
    offset: number(file, 40),
    count: file.readUInt16LE(60),
    entrySize: SECTION_HEADER_SIZE,
  });
  const beyond = segments.find(({ offset, fileSize }) => offset + fileSize > file.length);
  if (beyond) {
    throw new Error(
      `truncated: a segment ends at ${beyond.offset + beyond.fileSize}, the file at ${file.length}`,
    );
  }
  return { machine: file.readUInt16LE(18), segments, sections: named(file, sections) };
}

/** An unsigned 64-bit field that must fit into a JavaScript number: an offset or size in a file. */
function number(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}

interface Table {
  readonly name: string;
  readonly offset: number;
  readonly count: number;
  readonly entrySize: number;
}

function table(file: Buffer, { name, offset, count, entrySize }: Table): Buffer[] {
  if (offset + count * entrySize > file.length) throw new Error(`truncated: the ${name} are beyond the end`);
  return Array.from({ length: count }, (_, i) =>
    file.subarray(offset + i * entrySize, offset + (i + 1) * entrySize),
  );
}

function segment(header: Buffer): Segment {
  return {
    type: header.readUInt32LE(0),
    flags: header.readUInt32LE(4),
    offset: number(header, 8),
    address: number(header, 16),
    fileSize: number(header, 32),
  };
}

/** Resolves the names, which are in the section given by `e_shstrndx`. */
function named(file: Buffer, headers: readonly Buffer[]): Section[] {
  const names = headers[file.readUInt16LE(62)];
  const namesAt = names === undefined ? 0 : number(names, 24);
  return headers.map((header) => ({
    name: names === undefined ? "" : text(file, namesAt + header.readUInt32LE(0)),
    type: header.readUInt32LE(4),
    flags: number(header, 8),
    address: header.readBigUInt64LE(16),
    offset: number(header, 24),
    size: number(header, 32),
    link: header.readUInt32LE(40),
    info: header.readUInt32LE(44),
    align: number(header, 48),
    entrySize: number(header, 56),
  }));
}

/** The NUL-terminated text at an offset. */
export function text(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(0, at);
  return bytes.toString("latin1", at, end < 0 ? bytes.length : end);
}
