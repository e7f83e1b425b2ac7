import { SENTINEL_FUSE } from "../../krew/binary/fuse.ts";

/** Where the first byte of the file is loaded. */
const BASE = 0x400000;

/** A small ELF file; a test sets only what it is about. */
export interface ElfParts {
  readonly machine?: number;
  /** Whether it asks for a dynamic loader. */
  readonly interpreter?: boolean;
  /** Versions needed, by library. */
  readonly needs?: Readonly<Record<string, readonly string[]>>;
  /** Flags of the loaded segment; 5 is read and execute. */
  readonly codeFlags?: number;
  /** Flags of the stack; 6 is read and write. Null leaves the header out. */
  readonly stackFlags?: number | null;
  readonly relro?: boolean;
  /** The program itself: loaded, and kept by every strip tool. */
  readonly code?: Buffer;
}

/** What a Node core looks like. */
export const CORE_PARTS: ElfParts = {
  interpreter: true,
  needs: { "libc.so.6": ["GLIBC_2.2.5", "GLIBC_2.28"], "libstdc++.so.6": ["GLIBCXX_3.4.9"] },
  code: Buffer.from(`code ${SENTINEL_FUSE}:1 more code`),
};

/** What the launcher looks like. */
export const LAUNCHER_PARTS: ElfParts = { needs: {}, relro: true, code: Buffer.from("code") };

/** Builds the file, with symbols and debug information as a compiler leaves them. */
export function elfBytes(parts: ElfParts): Buffer {
  const {
    machine = 62,
    interpreter = false,
    needs = {},
    codeFlags = 5,
    stackFlags = 6,
    relro = false,
  } = parts;
  const code = parts.code ?? Buffer.from("code");
  const strings = stringTable(Object.entries(needs).flatMap(([library, versions]) => [library, ...versions]));
  const versions = versionNeeds(needs, strings.offsetOf);

  const headerCount = 2 + Number(interpreter) + Number(stackFlags !== null) + Number(relro);
  const stringsAt = 64 + headerCount * 56;
  const versionsAt = aligned(stringsAt + strings.bytes.length);
  const dynamicAt = aligned(versionsAt + versions.length);
  const dynamic = words([
    ...Object.keys(needs).flatMap((library) => [1, strings.offsetOf(library)]),
    ...[5, BASE + stringsAt, 0x6ffffffe, BASE + versionsAt, 0x6fffffff, Object.keys(needs).length],
    ...[0, 0],
  ]);
  const codeAt = dynamicAt + dynamic.length;
  const loadedEnd = codeAt + code.length;

  const segments = [
    segment(1, { flags: codeFlags, offset: 0, size: loadedEnd }),
    segment(2, { flags: 6, offset: dynamicAt, size: dynamic.length }),
    ...(interpreter ? [segment(3, { flags: 4, offset: codeAt, size: 0 })] : []),
    ...(stackFlags === null ? [] : [segment(0x6474e551, { flags: stackFlags, offset: 0, size: 0 })]),
    ...(relro ? [segment(0x6474e552, { flags: 4, offset: dynamicAt, size: dynamic.length })] : []),
  ];
  const loaded = Buffer.alloc(loadedEnd);
  Buffer.concat(segments).copy(loaded, 64);
  strings.bytes.copy(loaded, stringsAt);
  versions.copy(loaded, versionsAt);
  dynamic.copy(loaded, dynamicAt);
  code.copy(loaded, codeAt);
  header({ machine, segments: segments.length }).copy(loaded);
  return withSections(loaded, [
    { name: ".debug_info", bytes: Buffer.from("debug") },
    { name: ".dynstr", type: 3, offset: stringsAt, size: strings.bytes.length },
    { name: ".gnu.version_r", type: 0x6ffffffe, offset: versionsAt, size: versions.length, link: 2, info: 2 },
    { name: ".comment", bytes: Buffer.from("compiler") },
    { name: ".text", offset: codeAt, size: code.length },
    { name: ".rela.plt", type: 4, offset: codeAt, size: 0, link: 7, info: 5 },
    { name: ".symtab", type: 2, bytes: Buffer.alloc(24), link: 8 },
    { name: ".strtab", type: 3, bytes: Buffer.from("\0symbol\0") },
  ]);
}

const aligned = (at: number) => Math.ceil(at / 8) * 8;

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, i) => {
    bytes.writeBigUInt64LE(BigInt(value), i * 8);
  });
  return bytes;
}

function header({ machine, segments }: { machine: number; segments: number }): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.write("\x7fELF\x02\x01\x01", "latin1");
  bytes.writeUInt16LE(2, 16);
  bytes.writeUInt16LE(machine, 18);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(segments, 56);
  return bytes;
}

function segment(
  type: number,
  { flags, offset, size }: { flags: number; offset: number; size: number },
): Buffer {
  const bytes = Buffer.alloc(56);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(flags, 4);
  words([offset, BASE + offset, BASE + offset, size, size, 8]).copy(bytes, 8);
  return bytes;
}

function stringTable(names: readonly string[]): { bytes: Buffer; offsetOf: (name: string) => number } {
  const all = `\0${names.map((name) => `${name}\0`).join("")}`;
  return { bytes: Buffer.from(all), offsetOf: (name) => all.indexOf(`\0${name}\0`) + 1 };
}

/** Verneed and Vernaux records of 16 bytes: each library, followed by its versions. */
function versionNeeds(
  needs: Readonly<Record<string, readonly string[]>>,
  offsetOf: (name: string) => number,
): Buffer {
  const records = Object.entries(needs).map(([library, versions], i, all) => {
    const bytes = Buffer.alloc(16 * (1 + versions.length));
    bytes.writeUInt16LE(1, 0);
    bytes.writeUInt16LE(versions.length, 2);
    bytes.writeUInt32LE(offsetOf(library), 4);
    bytes.writeUInt32LE(16, 8);
    bytes.writeUInt32LE(i + 1 === all.length ? 0 : bytes.length, 12);
    versions.forEach((version, j) => {
      bytes.writeUInt32LE(offsetOf(version), 16 * (j + 1) + 8);
      bytes.writeUInt32LE(j + 1 === versions.length ? 0 : 16, 16 * (j + 1) + 12);
    });
    return bytes;
  });
  return Buffer.concat(records);
}

/** A section: loaded, at an offset of the file; or not, with bytes of its own. */
interface SectionParts {
  readonly name: string;
  readonly type?: number;
  readonly offset?: number;
  readonly size?: number;
  readonly bytes?: Buffer;
  readonly link?: number;
  readonly info?: number;
}

function withSections(loaded: Buffer, sections: readonly SectionParts[]): Buffer {
  const names = stringTable([...sections.map(({ name }) => name), ".shstrtab"]);
  const all = [...sections, { name: ".shstrtab", type: 3, bytes: names.bytes } as SectionParts];
  let end = loaded.length;
  const headers = all.map(({ name, type = 1, offset, size, bytes, link = 0, info = 0 }) => {
    const one = Buffer.alloc(64);
    one.writeUInt32LE(names.offsetOf(name), 0);
    one.writeUInt32LE(type, 4);
    const address = offset === undefined ? 0 : BASE + offset;
    words([offset === undefined ? 0 : 2, address, offset ?? end, size ?? bytes?.length ?? 0]).copy(one, 8);
    one.writeUInt32LE(link, 40);
    one.writeUInt32LE(info, 44);
    words([1, 0]).copy(one, 48);
    end += bytes?.length ?? 0;
    return one;
  });
  const file = Buffer.concat([
    loaded,
    ...all.flatMap(({ bytes }) => bytes ?? []),
    Buffer.alloc(64),
    ...headers,
  ]);
  file.writeBigUInt64LE(BigInt(end), 40);
  file.writeUInt16LE(64, 58);
  file.writeUInt16LE(all.length + 1, 60);
  file.writeUInt16LE(all.length, 62);
  return file;
}
