/**
 * Removes from an ELF file what only debuggers read, as `strip` does, but without a program for the target, and with the same
 * bytes on every machine. Nothing that is loaded moves: the file is cut after its last segment, and new section headers follow.
 * This must happen before the single-executable blob is injected: afterwards `strip` breaks the file.
 */
import {
  ELF_HEADER_SIZE,
  readElf,
  SECTION_HEADER_SIZE,
  type Section,
  SHF_ALLOC,
  SHT_NOBITS,
} from "./elf-file.ts";

const SHT_STRTAB = 3;
const SHT_RELA = 4;
const SHT_REL = 9;
const SHF_INFO_LINK = 0x40;

/** Name of the section that contains the section names; it is rebuilt. */
const NAMES_SECTION = ".shstrtab";

/**
 * The program without symbols, comments and debug information. Applying it twice changes nothing more.
 *
 * @throws Error if `file` is no 64-bit little-endian ELF file, or is truncated.
 */
export function withoutSymbols(file: Buffer): Buffer {
  const { segments, sections } = readElf(file);
  const old = sections.flatMap(({ flags }, index) =>
    index === 0 || (flags & SHF_ALLOC) !== 0 ? [index] : [],
  );
  const kept = old.flatMap((index) => sections[index] ?? []);
  const newIndex = new Map(old.map((index, position) => [index, position]));

  const loadedEnd = Math.max(
    ELF_HEADER_SIZE,
    number(file, 32) + file.readUInt16LE(54) * file.readUInt16LE(56),
    ...segments.map(({ offset, fileSize }) => offset + fileSize),
    ...kept.map(({ type, offset, size }) => (type === SHT_NOBITS ? 0 : offset + size)),
  );
  const names = nameTable([...kept.map(({ name }) => name), NAMES_SECTION]);
  const namesSection: Section = {
    name: NAMES_SECTION,
    type: SHT_STRTAB,
    flags: 0,
    address: 0n,
    offset: loadedEnd,
    size: names.bytes.length,
    link: 0,
    info: 0,
    align: 1,
    entrySize: 0,
  };
  const headersAt = Math.ceil((loadedEnd + names.bytes.length) / 8) * 8;
  const relinked = kept.map((section) => ({
    ...section,
    link: newIndex.get(section.link) ?? 0,
    info: infoIsSection(section) ? (newIndex.get(section.info) ?? 0) : section.info,
  }));
  const headers = [...relinked, namesSection].map((section, i) =>
    sectionHeader(section, names.offsets[i] ?? 0),
  );

  const stripped = Buffer.alloc(headersAt + headers.length * SECTION_HEADER_SIZE);
  file.copy(stripped, 0, 0, loadedEnd);
  names.bytes.copy(stripped, loadedEnd);
  Buffer.concat(headers).copy(stripped, headersAt);
  stripped.writeBigUInt64LE(BigInt(headersAt), 40);
  stripped.writeUInt16LE(headers.length, 60);
  stripped.writeUInt16LE(headers.length - 1, 62);
  return stripped;
}

function number(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}

/** Whether `sh_info` is the index of a section; in symbol tables and version lists it is a count. */
function infoIsSection({ type, flags }: Section): boolean {
  return (flags & SHF_INFO_LINK) !== 0 || type === SHT_RELA || type === SHT_REL;
}

/** A string table, and the offset of each name in it, in bytes. */
function nameTable(names: readonly string[]): { bytes: Buffer; offsets: number[] } {
  let bytes = "\0";
  const offsets = names.map((name) => {
    if (name === "") return 0;
    const at = bytes.length;
    bytes += `${name}\0`;
    return at;
  });
  return { bytes: Buffer.from(bytes, "latin1"), offsets };
}

function sectionHeader(section: Section, nameAt: number): Buffer {
  const header = Buffer.alloc(SECTION_HEADER_SIZE);
  header.writeUInt32LE(nameAt, 0);
  header.writeUInt32LE(section.type, 4);
  header.writeBigUInt64LE(BigInt(section.flags), 8);
  header.writeBigUInt64LE(section.address, 16);
  header.writeBigUInt64LE(BigInt(section.offset), 24);
  header.writeBigUInt64LE(BigInt(section.size), 32);
  header.writeUInt32LE(section.link, 40);
  header.writeUInt32LE(section.info, 44);
  header.writeBigUInt64LE(BigInt(section.align), 48);
  header.writeBigUInt64LE(BigInt(section.entrySize), 56);
  return header;
}
