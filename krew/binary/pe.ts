/**
 * Windows executables: removes Node's signature, which is no longer valid once a program is injected, and checks the result.
 *
 * Source: Microsoft, "PE Format", 2024: optional header, attribute certificate table, checksum.
 */
import { fuseProblems } from "./fuse.ts";
import type { Made } from "./made.ts";
import { importedLibraries } from "./pe-imports.ts";
import { loadFlagProblems } from "./pe-load-flags.ts";

const MACHINE: Readonly<Record<Made["arch"], number>> = { amd64: 0x8664, arm64: 0xaa64 };

/** Magic of the 64-bit optional header, PE32+. */
const PE32_PLUS = 0x20b;

/** Offsets in the optional header, and the index of the certificate table among the data directories, which have 8 bytes each. */
const CHECKSUM_AT = 64;
const DIRECTORY_COUNT_AT = 108;
const DIRECTORIES_AT = 112;
const SECURITY_DIRECTORY = 4;

/**
 * What our small programs may load: Windows has these in its own folder, and never takes them from beside a program or from the
 * current folder. Source: krew/PACKAGING.md, "Windows".
 */
const SYSTEM_LIBRARY = /^(?:kernel32|advapi32|user32|ntdll)\.dll$|^api-ms-win-crt-[a-z0-9-]+\.dll$/;

interface PeFile {
  readonly machine: number;
  /** Offset of the checksum field, in bytes. */
  readonly checksumAt: number;
  /** Offset of the directory entry that points to the certificates, in bytes. */
  readonly securityAt: number;
  /** The place of the certificates; both 0 if there are none. The only directory entry that holds a file offset. */
  readonly certificates: { readonly offset: number; readonly size: number };
}

/** @throws Error if the file is no 64-bit Windows executable. */
function readPe(file: Buffer): PeFile {
  const headerAt = file.length >= 64 && file.toString("latin1", 0, 2) === "MZ" ? file.readUInt32LE(60) : -1;
  const optionalAt = headerAt + 24;
  if (headerAt < 0 || optionalAt + DIRECTORIES_AT > file.length) throw new Error("no Windows executable");
  if (file.toString("latin1", headerAt, headerAt + 4) !== "PE\0\0") throw new Error("no Windows executable");
  if (file.readUInt16LE(optionalAt) !== PE32_PLUS) throw new Error("not a 64-bit Windows executable");
  if (file.readUInt32LE(optionalAt + DIRECTORY_COUNT_AT) <= SECURITY_DIRECTORY) {
    throw new Error("has no entry for a certificate table");
  }
  const securityAt = optionalAt + DIRECTORIES_AT + SECURITY_DIRECTORY * 8;
  return {
    machine: file.readUInt16LE(headerAt + 4),
    checksumAt: optionalAt + CHECKSUM_AT,
    securityAt,
    certificates: { offset: file.readUInt32LE(securityAt), size: file.readUInt32LE(securityAt + 4) },
  };
}

/**
 * The program without its Authenticode signature, with a correct checksum. This must happen before injection, which would
 * leave the certificates in the middle of the file.
 *
 * @throws Error if it is no 64-bit Windows executable, or the certificates do not end at the end of the file.
 */
export function withoutAuthenticode(file: Buffer): Buffer {
  const { certificates, securityAt } = readPe(file);
  const { offset, size } = certificates;
  if (size !== 0 && offset + size !== file.length) {
    throw new Error(
      `its certificates end at ${offset + size}, the file at ${file.length}: was something injected?`,
    );
  }
  const bare = Buffer.from(file.subarray(0, size === 0 ? file.length : offset));
  bare.writeBigUInt64LE(0n, securityAt);
  return withChecksum(bare);
}

/** A copy with the correct checksum in its header. Windows ignores it, but virus scanners do not. */
export function withChecksum(file: Buffer): Buffer {
  const { checksumAt } = readPe(file);
  const copy = Buffer.from(file);
  copy.writeUInt32LE(checksum(copy, checksumAt), checksumAt);
  return copy;
}

/** Sum of all 16-bit words with the carry added back in, except the field itself, plus the length of the file. */
function checksum(file: Buffer, checksumAt: number): number {
  let sum = 0;
  for (let at = 0; at + 1 < file.length; at += 2) {
    if (at === checksumAt || at === checksumAt + 2) continue;
    sum += (file[at] ?? 0) | ((file[at + 1] ?? 0) << 8);
    sum = (sum & 0xffff) + (sum >>> 16);
  }
  if (file.length % 2 === 1) sum += file[file.length - 1] ?? 0;
  sum = (sum & 0xffff) + (sum >>> 16);
  return sum + file.length;
}

function importProblems(file: Buffer): string[] {
  try {
    const foreign = importedLibraries(file).filter((name) => !SYSTEM_LIBRARY.test(name));
    return foreign.length === 0 ? [] : [`loads ${foreign.join(", ")}`];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return ["its list of libraries cannot be read"];
  }
}

/** Why a Windows program is unfit to ship, in words; empty if it is fine. */
export function peProblems(
  file: Buffer,
  { arch, kind = "core" }: Pick<Made, "arch"> & Partial<Made>,
): string[] {
  let pe: PeFile;
  try {
    pe = readPe(file);
  } catch (error) {
    return [(error as Error).message];
  }
  const { machine, checksumAt, certificates } = pe;
  const stored = file.readUInt32LE(checksumAt);
  const right = checksum(file, checksumAt);
  const hex = (value: number) => `0x${value.toString(16)}`;
  return [
    ...(machine === MACHINE[arch]
      ? []
      : [`is for machine ${hex(machine)}, expected ${hex(MACHINE[arch])} (${arch})`]),
    ...(certificates.offset === 0 && certificates.size === 0
      ? []
      : [`still points to a signature, ${certificates.size} bytes at ${certificates.offset}`]),
    ...(stored === right ? [] : [`its checksum is ${hex(stored)}, expected ${hex(right)}`]),
    ...(kind === "core" ? [...fuseProblems(file), ...loadFlagProblems(file)] : importProblems(file)),
  ];
}
