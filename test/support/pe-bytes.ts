import { SENTINEL_FUSE } from "../../krew/binary/fuse.ts";

/** A small Windows executable; a test sets only what it is about. */
export interface PeParts {
  /** 0x8664 is x86-64, 0xaa64 is ARM64. */
  readonly machine?: number;
  /** 0x20b is 64-bit, 0x10b is 32-bit. */
  readonly magic?: number;
  readonly directories?: number;
  readonly code?: Buffer;
  /** Where Windows looks for what it loads, and the size of the structure that says so, in bytes. */
  readonly loadFlags?: number;
  readonly loadConfigSize?: number;
  /** What it loads; then these are its only section. */
  readonly libraries?: readonly string[];
  /** A signature at the end of the file. */
  readonly certificates?: Buffer;
}

/** Where its fields are, in bytes. */
export const PE_CHECKSUM_AT = 64 + 24 + 64;
export const PE_SECURITY_AT = 64 + 24 + 112 + 4 * 8;
const PE_IMPORTS_AT = 64 + 24 + 112 + 8;
export const PE_LOAD_CONFIG_AT = 64 + 24 + 112 + 10 * 8;

/** Where the section of libraries is once the program is loaded. */
const SECTION_ADDRESS = 0x1000;

function plainCode(): Buffer {
  return Buffer.from(`code ${SENTINEL_FUSE}:1 more`);
}

/** The table of one section, and the section, at an offset in the file. */
function section(bytes: Buffer, offset: number): Buffer {
  const table = Buffer.alloc(40);
  table.writeUInt32LE(SECTION_ADDRESS, 12);
  table.writeUInt32LE(bytes.length, 16);
  table.writeUInt32LE(offset + table.length, 20);
  return Buffer.concat([table, bytes]);
}

/** The list of libraries, and their names. */
function imports(libraries: readonly string[]): Buffer {
  const list = Buffer.alloc(20 * (libraries.length + 1));
  let names = "";
  for (const [index, name] of libraries.entries()) {
    list.writeUInt32LE(SECTION_ADDRESS + list.length + names.length, 20 * index + 12);
    names += `${name}\0`;
  }
  return Buffer.concat([list, Buffer.from(names)]);
}

function loadConfig({ loadFlags = 0x800, loadConfigSize = 320 }: PeParts): Buffer {
  const config = Buffer.alloc(320);
  config.writeUInt32LE(loadConfigSize);
  config.writeUInt16LE(loadFlags, 0x4e);
  return config;
}

/** Builds the file. Its checksum is 0. */
export function peBytes(parts: PeParts = {}): Buffer {
  const { machine = 0x8664, magic = 0x20b, directories = 16, certificates = Buffer.alloc(0) } = parts;
  const head = Buffer.alloc(64 + 24 + 112 + 16 * 8);
  head.write("MZ", "latin1");
  head.writeUInt32LE(64, 60);
  head.write("PE\0\0", 64, "latin1");
  head.writeUInt16LE(machine, 68);
  head.writeUInt16LE(magic, 64 + 24);
  head.writeUInt32LE(directories, 64 + 24 + 108);
  head.writeUInt16LE(1, 70);
  head.writeUInt16LE(head.length - 88, 84);
  head.writeUInt32LE(SECTION_ADDRESS, parts.libraries === undefined ? PE_LOAD_CONFIG_AT : PE_IMPORTS_AT);
  if (parts.libraries === undefined) head.writeUInt32LE(320, PE_LOAD_CONFIG_AT + 4);
  const code =
    parts.libraries === undefined
      ? Buffer.concat([section(loadConfig(parts), head.length), parts.code ?? plainCode()])
      : section(imports(parts.libraries), head.length);
  if (certificates.length > 0) {
    head.writeUInt32LE(head.length + code.length, PE_SECURITY_AT);
    head.writeUInt32LE(certificates.length, PE_SECURITY_AT + 4);
  }
  return Buffer.concat([head, code, certificates]);
}
