/** Whether a Linux executable is fit to ship. */
import {
  type ElfFile,
  PF_W,
  PF_X,
  PT_GNU_RELRO,
  PT_GNU_STACK,
  PT_INTERP,
  PT_LOAD,
  readElf,
} from "./elf-file.ts";
import { type Linkage, readLinkage } from "./elf-linkage.ts";
import { fuseProblems } from "./fuse.ts";
import type { Made } from "./made.ts";

const MACHINE: Readonly<Record<Made["arch"], number>> = { amd64: 62, arm64: 183 };

/**
 * Newest symbol versions that we may require of a machine: those that Node 22 itself requires, and that RHEL 8, Debian 10, Ubuntu
 * 20.04 and all later ones have.
 */
const NEWEST_VERSION: Readonly<Record<string, string>> = { GLIBC: "2.28", GLIBCXX: "3.4.21" };

/** Libraries that Node 22 needs, and that every glibc system has. Node 26 adds libatomic, which slim images lack. */
const LIBRARIES =
  /^(?:lib(?:dl|m|c|pthread|stdc\+\+|gcc_s)\.so\.\d+|ld-linux-(?:x86-64\.so\.2|aarch64\.so\.1))$/;

/** Why an executable is unfit to ship, in words; empty if it is fine. */
export function elfProblems(file: Buffer, { arch, kind }: Made): string[] {
  let elf: ElfFile;
  let linkage: Linkage;
  try {
    elf = readElf(file);
    linkage = readLinkage(file, elf);
  } catch (error) {
    return [(error as Error).message];
  }
  return [
    ...(elf.machine === MACHINE[arch]
      ? []
      : [`is for machine ${elf.machine}, expected ${MACHINE[arch]} (${arch})`]),
    ...memoryProblems(elf),
    ...(kind === "launcher"
      ? staticProblems(elf, linkage)
      : [...linkageProblems(linkage), ...fuseProblems(file)]),
  ];
}

/** Memory that is both writable and executable helps exploits. */
function memoryProblems({ segments }: ElfFile): string[] {
  const writableCode = segments.filter(
    ({ type, flags }) => type === PT_LOAD && (flags & PF_W) !== 0 && (flags & PF_X) !== 0,
  );
  const stack = segments.find(({ type }) => type === PT_GNU_STACK);
  return [
    ...writableCode.map(
      ({ address }) => `the segment at 0x${address.toString(16)} is writable and executable`,
    ),
    ...(stack === undefined ? ["does not say that its stack is not executable (no PT_GNU_STACK)"] : []),
    ...(stack !== undefined && (stack.flags & PF_X) !== 0 ? ["its stack is executable"] : []),
  ];
}

/** Only a static program is immune to LD_PRELOAD. */
function staticProblems({ segments }: ElfFile, { libraries }: Linkage): string[] {
  const has = (wanted: number) => segments.some(({ type }) => type === wanted);
  return [
    ...(has(PT_INTERP) ? ["is not static: it asks for a dynamic loader (PT_INTERP)"] : []),
    ...libraries.map((library) => `is not static: it needs ${library}`),
    ...(has(PT_GNU_RELRO) ? [] : ["its relocated data stay writable (no PT_GNU_RELRO)"]),
  ];
}

function linkageProblems({ libraries, versions }: Linkage): string[] {
  return [
    ...(libraries.length === 0 ? ["needs no library at all: this is no Node"] : []),
    ...libraries.filter((library) => !LIBRARIES.test(library)).map((library) => `needs ${library}`),
    ...versions.filter(isTooNew).map((version) => `needs ${version}, but ${limitOf(version)} must do`),
  ];
}

/** Compares as numbers, since 2.9 is older than 2.28. */
function isTooNew(version: string): boolean {
  const [family = "", have = ""] = version.split("_");
  const newest = NEWEST_VERSION[family];
  return newest !== undefined && have.localeCompare(newest, "en", { numeric: true }) > 0;
}

function limitOf(version: string): string {
  const [family = ""] = version.split("_");
  return `${family}_${NEWEST_VERSION[family]}`;
}
