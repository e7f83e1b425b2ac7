/**
 * The parts of a 64-bit Mach-O executable that its signature covers.
 *
 * Source: Apple, <mach-o/loader.h>.
 */

const MAGIC_64 = 0xfeedfacf;
const HEADER_SIZE = 32;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;
const LC_VERSION_MIN_MACOSX = 0x24;
const LC_BUILD_VERSION = 0x32;
export const VM_PROT_WRITE = 2;
export const VM_PROT_EXECUTE = 4;

/** A segment's place in the file, in bytes. */
interface MachoSegment {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  /** Bits of {@link VM_PROT_WRITE} and {@link VM_PROT_EXECUTE} with which it is loaded. */
  readonly protection: number;
}

export interface MachoFile {
  readonly cpuType: number;
  readonly fileType: number;
  /** In the order of the load commands. */
  readonly segments: readonly MachoSegment[];
  /** The place of each code signature, in bytes; a signed file has one. */
  readonly signatures: readonly { readonly offset: number; readonly size: number }[];
  /** Oldest macOS that it requires, such as "11.0"; undefined if it does not say. */
  readonly minimumMacos: string | undefined;
}

/**
 * Reads a Mach-O file's load commands.
 *
 * @throws Error if it is no 64-bit Mach-O file for one architecture, or ends within its load commands.
 */
export function readMacho(file: Buffer): MachoFile {
  if (file.length < HEADER_SIZE || file.readUInt32LE(0) !== MAGIC_64)
    throw new Error("no 64-bit Mach-O file");
  const commands = loadCommands(file, file.readUInt32LE(16));
  const ofKind = (...kinds: number[]) =>
    commands.filter((command) => kinds.includes(command.readUInt32LE(0)));
  const [build] = ofKind(LC_BUILD_VERSION);
  const [older] = ofKind(LC_VERSION_MIN_MACOSX);
  return {
    cpuType: file.readUInt32LE(4),
    fileType: file.readUInt32LE(12),
    segments: ofKind(LC_SEGMENT_64).map((command) => ({
      name: command.toString("latin1", 8, 24).replace(/(?<!\0)\0+$/, ""),
      offset: Number(command.readBigUInt64LE(40)),
      size: Number(command.readBigUInt64LE(48)),
      protection: command.readUInt32LE(60),
    })),
    signatures: ofKind(LC_CODE_SIGNATURE).map((command) => ({
      offset: command.readUInt32LE(8),
      size: command.readUInt32LE(12),
    })),
    minimumMacos: version(build?.readUInt32LE(12) ?? older?.readUInt32LE(8)),
  };
}

function loadCommands(file: Buffer, count: number): Buffer[] {
  let at = HEADER_SIZE;
  return Array.from({ length: count }, () => {
    const size = at + 8 <= file.length ? file.readUInt32LE(at + 4) : 0;
    if (size < 8 || at + size > file.length) throw new Error("truncated within its load commands");
    at += size;
    return file.subarray(at - size, at);
  });
}

/** A version packed as 0xMMMMmmpp. */
function version(packed: number | undefined): string | undefined {
  return packed === undefined ? undefined : `${packed >>> 16}.${(packed >>> 8) & 0xff}`;
}
