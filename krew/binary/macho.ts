/**
 * Whether macOS will run an executable: on Apple's processors, a program is killed at its first page that does not match its
 * signature. Reads the signature as the kernel does, and shares no code with a program that signs.
 */
import { hash } from "node:crypto";
import {
  type CodeDirectory,
  readCodeDirectory,
  readSignature,
  type Signature,
  SLOT,
} from "./code-directory.ts";
import { fuseProblems } from "./fuse.ts";
import { type MachoFile, readMacho, VM_PROT_EXECUTE, VM_PROT_WRITE } from "./macho-file.ts";
import type { Made } from "./made.ts";

const CPU_TYPE: Readonly<Record<Made["arch"], number>> = { amd64: 0x01000007, arm64: 0x0100000c };

/** Oldest macOS that we support: the one that Node 22 requires. */
const OLDEST_MACOS = 11;

/** Flags of a code directory. */
const ADHOC = 0x2;
const HARDENED_RUNTIME = 0x10000;
const LINKER_SIGNED = 0x20000;

/** Types of an executable, and of an addon: a dynamic library or a bundle. Source: Apple, <mach-o/loader.h>. */
const MH_EXECUTE = 2;
const ADDON_TYPES = [6, 8];

/** The accepted flags: signed ad hoc, by a signer or by a linker. */
const FLAGS: Readonly<Record<Made["kind"], readonly number[]>> = {
  core: [ADHOC, ADHOC | HARDENED_RUNTIME],
  launcher: [ADHOC, ADHOC | HARDENED_RUNTIME, ADHOC | LINKER_SIGNED],
};

/** Page sizes that the kernel accepts: 4 kB, and 16 kB. */
const PAGE_SIZES = [4096, 16384];

/** An empty certificate signature: a header and nothing else. */
const EMPTY_BLOB_SIZE = 8;

export interface MadeForMac extends Made {
  /** Required prefix of the signature's identifier: "kubectl-vouch". */
  readonly identifier: string;
  /** Signed with a Developer ID and fit for notarization; otherwise ad hoc. */
  readonly hasDeveloperId?: boolean;
}

/** Why an executable is unfit to ship, in words; empty if it is fine. */
export function machoProblems(file: Buffer, made: MadeForMac): string[] {
  try {
    const macho = readMacho(file);
    return [
      ...layoutProblems(file, macho, made),
      ...signatureProblems(file, macho, made),
      ...(made.kind === "core" ? fuseProblems(file) : []),
    ];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Why macOS would not load a native addon, in words; empty if it is fine. Anyone can have signed it, or no one, ad hoc. */
export function addonProblems(file: Buffer, arch: Made["arch"]): string[] {
  try {
    const macho = readMacho(file);
    return [...layoutProblems(file, macho, { arch, kind: "addon" }), ...signatureProblems(file, macho)];
  } catch (error) {
    return [(error as Error).message];
  }
}

function layoutProblems(
  file: Buffer,
  macho: MachoFile,
  { arch, kind }: { readonly arch: Made["arch"]; readonly kind: Made["kind"] | "addon" },
): string[] {
  const { cpuType, fileType, segments, minimumMacos } = macho;
  const last = segments.at(-1);
  const end = last === undefined ? 0 : last.offset + last.size;
  const writableCode = segments.filter(
    ({ protection }) => (protection & VM_PROT_WRITE) !== 0 && (protection & VM_PROT_EXECUTE) !== 0,
  );
  return [
    ...(cpuType === CPU_TYPE[arch]
      ? []
      : [`is for processor 0x${cpuType.toString(16)}, expected 0x${CPU_TYPE[arch].toString(16)} (${arch})`]),
    ...((kind === "addon" ? ADDON_TYPES : [MH_EXECUTE]).includes(fileType)
      ? []
      : [`is a Mach-O file of type ${fileType}, no ${kind === "addon" ? kind : "executable"}`]),
    ...(minimumMacos === undefined || Number.parseFloat(minimumMacos) > OLDEST_MACOS
      ? [`asks for macOS ${minimumMacos ?? "of no version"}, expected ${OLDEST_MACOS} or older`]
      : []),
    ...(last?.name === "__LINKEDIT"
      ? []
      : [`its last segment is ${last?.name ?? "missing"}, expected __LINKEDIT`]),
    ...(end === file.length ? [] : [`its last segment ends at ${end}, the file at ${file.length}`]),
    ...writableCode.map(({ name }) => `its segment ${name} is writable and executable`),
    ...(kind === "core" && !segments.some(({ name }) => name === "NODE_SEA")
      ? ["has no segment NODE_SEA"]
      : []),
  ];
}

/** Without `made`, anyone can have signed it. */
function signatureProblems(file: Buffer, macho: MachoFile, made?: MadeForMac): string[] {
  const [place, ...more] = macho.signatures;
  if (place === undefined) return ["is not signed"];
  const { offset, size } = place;
  if (offset + size > file.length)
    return [`its signature ends at ${offset + size}, the file at ${file.length}`];
  const signature = readSignature(file.subarray(offset, offset + size));
  const { codeDirectory, alternateCodeDirectory } = SLOT;
  // For a macOS that is older than 10.12, the first one is SHA-1. macOS uses the best (xnu, bsd/kern/ubc_subr.c).
  const best = made === undefined ? signature.blobs.get(alternateCodeDirectory) : undefined;
  const blob = best ?? signature.blobs.get(codeDirectory);
  if (blob === undefined) return ["its signature has no code directory"];
  const directory = readCodeDirectory(blob);
  return [
    ...(more.length === 0 ? [] : ["has more than one signature"]),
    ...(offset % 16 === 0 ? [] : [`its signature is at ${offset}, no multiple of 16`]),
    ...(offset + size === file.length
      ? []
      : [`its signature ends at ${offset + size}, the file at ${file.length}`]),
    ...(directory.codeLimit === offset
      ? []
      : [`signed are ${directory.codeLimit} bytes, but the signature is at ${offset}`]),
    ...(made === undefined ? [] : directoryProblems(directory, macho, made)),
    ...(made === undefined ? [] : certificateProblems(signature, made)),
    ...blobProblems(signature, directory, best === undefined ? [] : [alternateCodeDirectory]),
    ...pageProblems(file, directory),
  ];
}

function directoryProblems(directory: CodeDirectory, { segments }: MachoFile, made: MadeForMac): string[] {
  const { flags, identifier, team, execSegment } = directory;
  const { kind, hasDeveloperId = false } = made;
  const text = segments.find(({ name }) => name === "__TEXT");
  return [
    ...((hasDeveloperId ? [HARDENED_RUNTIME] : FLAGS[kind]).includes(flags)
      ? []
      : [
          `its signature has flags 0x${flags.toString(16)}, not those of ${hasDeveloperId ? "the hardened runtime" : "ad hoc"}`,
        ]),
    ...(identifier.startsWith(made.identifier)
      ? []
      : [`is signed as "${identifier}", expected "${made.identifier}"`]),
    ...((team !== undefined) === hasDeveloperId
      ? []
      : [hasDeveloperId ? "is signed by no team" : `is signed by team "${team}", expected ad hoc`]),
    ...(execSegment.base === text?.offset && execSegment.limit === text?.size && execSegment.isMain
      ? []
      : ["its signature does not name __TEXT as the main program"]),
  ];
}

function certificateProblems({ blobs }: Signature, { hasDeveloperId = false }: MadeForMac): string[] {
  const isCertified = (blobs.get(SLOT.cms)?.length ?? 0) > EMPTY_BLOB_SIZE;
  if (isCertified === hasDeveloperId) return [];
  return [
    isCertified ? "is signed with a certificate, which no longer fits" : "is signed without a certificate",
  ];
}

/** Everything in the signature besides the pages: each blob must have its hash, and each hash its blob. */
function blobProblems(
  { blobs, padding }: Signature,
  { blobHashes }: CodeDirectory,
  others: readonly number[],
): string[] {
  const hashed = [SLOT.requirements, SLOT.entitlements, SLOT.derEntitlements] as readonly number[];
  const known = [SLOT.codeDirectory, SLOT.cms, ...hashed, ...others] as readonly number[];
  const digestOf = (number: number) => {
    const blob = blobs.get(number);
    return blob === undefined || !hashed.includes(number) ? Buffer.alloc(32) : hash("sha256", blob, "buffer");
  };
  const numbers = [...new Set([...blobHashes.keys(), ...hashed.filter((number) => blobs.has(number))])];
  return [
    ...[...blobs.keys()]
      .filter((number) => !known.includes(number))
      .map((number) => `its signature has blob ${number}`),
    ...numbers
      .filter((number) => !digestOf(number).equals(blobHashes.get(number) ?? Buffer.alloc(0)))
      .map((number) => `blob ${number} of its signature does not match its hash`),
    ...(padding.some((byte) => byte !== 0) ? ["has bytes behind its signature"] : []),
  ];
}

/** Compares the hash of every page; the last page is hashed without padding. */
function pageProblems(
  file: Buffer,
  { codeLimit, pageSize, hash: algorithm, pageHashes }: CodeDirectory,
): string[] {
  if (algorithm === undefined) return ["its pages are not hashed with SHA-256"];
  if (!PAGE_SIZES.includes(pageSize))
    return [`its pages have ${pageSize} bytes, expected ${PAGE_SIZES.join(" or ")}`];
  const expected = Math.ceil(codeLimit / pageSize);
  if (pageHashes.length !== expected)
    return [`has hashes of ${pageHashes.length} pages, expected ${expected}`];
  const wrong = pageHashes.flatMap((digest, page) => {
    const bytes = file.subarray(page * pageSize, Math.min((page + 1) * pageSize, codeLimit));
    return hash(algorithm, bytes, "buffer").equals(digest) ? [] : [page];
  });
  if (wrong.length === 0) return [];
  return [
    `${wrong.length} of ${expected} pages do not match their hash, the first at ${(wrong[0] ?? 0) * pageSize}`,
  ];
}
