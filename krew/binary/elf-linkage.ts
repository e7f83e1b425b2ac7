/**
 * What an ELF file requires from the dynamic loader. Read from the dynamic segment, as the loader does, and not from the section
 * headers, which may be absent or wrong.
 *
 * Source: System V ABI, chapter 5 (dynamic section); LSB 5.0, 10.7 (symbol versioning).
 */
import { type ElfFile, PT_DYNAMIC, PT_LOAD, text } from "./elf-file.ts";

const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_VERNEED = 0x6ffffffe;
const DT_VERNEEDNUM = 0x6fffffff;
const DYNAMIC_ENTRY_SIZE = 16;

export interface Linkage {
  /** File names of the shared libraries it needs, such as "libc.so.6". Empty in a static program. */
  readonly libraries: readonly string[];
  /** Symbol versions it needs, such as "GLIBC_2.28", each once, in the file's order. */
  readonly versions: readonly string[];
}

/**
 * Reads libraries and symbol versions.
 *
 * @throws Error if the dynamic segment points outside the file.
 */
export function readLinkage(file: Buffer, elf: ElfFile): Linkage {
  const dynamic = elf.segments.find(({ type }) => type === PT_DYNAMIC);
  if (dynamic === undefined) return { libraries: [], versions: [] };
  const entries = Array.from({ length: Math.floor(dynamic.fileSize / DYNAMIC_ENTRY_SIZE) }, (_, i) => ({
    tag: Number(file.readBigUInt64LE(dynamic.offset + i * DYNAMIC_ENTRY_SIZE)),
    value: Number(file.readBigUInt64LE(dynamic.offset + i * DYNAMIC_ENTRY_SIZE + 8)),
  }));
  const valueFor = (wanted: number) => entries.find(({ tag }) => tag === wanted)?.value;
  const needed = entries.filter(({ tag }) => tag === DT_NEEDED);
  const strings = valueFor(DT_STRTAB);
  if (strings === undefined) return { libraries: [], versions: [] };

  const stringsAt = fileOffset(elf, strings);
  const nameAt = (index: number) => text(file, stringsAt + index);
  const versionsAt = valueFor(DT_VERNEED);
  return {
    libraries: needed.map(({ value }) => nameAt(value)),
    versions:
      versionsAt === undefined
        ? []
        : [...neededVersions(file, fileOffset(elf, versionsAt), valueFor(DT_VERNEEDNUM) ?? 0)].map(nameAt),
  };
}

/** The file offset of the byte that is loaded at `address`. */
function fileOffset({ segments }: ElfFile, address: number): number {
  const segment = segments.find(
    (one) => one.type === PT_LOAD && address >= one.address && address < one.address + one.fileSize,
  );
  if (segment === undefined)
    throw new Error(`its dynamic segment points outside of the file: 0x${address.toString(16)}`);
  return segment.offset + address - segment.address;
}

/** Indices of the version names in the string table: per library (Verneed) a list of versions (Vernaux). */
function neededVersions(file: Buffer, start: number, libraries: number): Set<number> {
  const names = new Set<number>();
  let library = start;
  for (let i = 0; i < libraries; i++) {
    let version = library + file.readUInt32LE(library + 8);
    for (let left = file.readUInt16LE(library + 2); left > 0; left--) {
      names.add(file.readUInt32LE(version + 8));
      version += file.readUInt32LE(version + 12);
    }
    library += file.readUInt32LE(library + 12);
  }
  return names;
}
