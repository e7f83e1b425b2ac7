import { SENTINEL_FUSE } from "../../krew/binary/fuse.ts";

/** A small Windows executable; a test sets only what it is about. */
export interface PeParts {
  /** 0x8664 is x86-64, 0xaa64 is ARM64. */
  readonly machine?: number;
  /** 0x20b is 64-bit, 0x10b is 32-bit. */
  readonly magic?: number;
  readonly directories?: number;
  readonly code?: Buffer;
  /** A signature at the end of the file. */
  readonly certificates?: Buffer;
}

/** Where its fields are, in bytes. */
export const PE_CHECKSUM_AT = 64 + 24 + 64;
export const PE_SECURITY_AT = 64 + 24 + 112 + 4 * 8;

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
  const code = parts.code ?? Buffer.from(`code ${SENTINEL_FUSE}:1 more`);
  if (certificates.length > 0) {
    head.writeUInt32LE(head.length + code.length, PE_SECURITY_AT);
    head.writeUInt32LE(certificates.length, PE_SECURITY_AT + 4);
  }
  return Buffer.concat([head, code, certificates]);
}
