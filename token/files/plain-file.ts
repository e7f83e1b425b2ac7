import fs, { type Stats } from "node:fs";
import { edit } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { debug, sizeText } from "../debug.ts";
import { codeOf, reasonOf, VouchError } from "../errors/errors.ts";
import { fileIdentity, NO_FILE } from "../hot/file-identity.ts";
import { toUtf8, type Utf16Kind, utf16Kind } from "./encoding.ts";
import { UnreadableFile, whyFailed } from "./file-errors.ts";
import { whenFree } from "./sharing.ts";

/**
 * The largest file that is read by default, in bytes. A kubeconfig of a thousand clusters has about three megabytes.
 */
const MAX_BYTES = 16 * 1024 * 1024;

/** How much is read at once from a file that does not tell its size, such as those of /proc, in bytes. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Opening never waits for the other end of a pipe, and no terminal becomes our controlling terminal. Windows has neither flag,
 * and there Node does not define them.
 */
const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = fs.constants;
const READ = O_RDONLY | (O_NONBLOCK ?? 0) | (O_NOCTTY ?? 0);

/** A file's bytes, with owner and mode of exactly the file that was read. */
export interface PlainFile {
  readonly bytes: Buffer;
  readonly facts: fs.Stats;
  /** As in `token/hot/file-identity.ts`; undefined if the file was written to while it was read. */
  readonly identity: string | undefined;
}

/**
 * Reads a regular file: the only place where files are opened for reading. It never waits, and reads no more than `maxBytes`; a
 * pipe, a device, a socket or a directory is refused before anything is read from it. Undefined if there is no such file; throws
 * `file-unreadable`. Files of /proc and /sys count as regular files, although they do not tell their size.
 */
export function readPlainFile(file: string, maxBytes = MAX_BYTES): PlainFile | undefined {
  try {
    const found = readFile(file, maxBytes);
    debug(`read ${file}${found === undefined ? ": not found" : ` (${sizeText(found.bytes.length)})`}`);
    return found;
  } catch (error) {
    debug(`read ${file}: ${error instanceof UnreadableFile ? error.why : reasonOf(error)}`);
    throw error;
  }
}

function readFile(file: string, maxBytes: number): PlainFile | undefined {
  let handle: number | undefined;
  try {
    requirePlain(file, fs.statSync(file));
    handle = whenFree(() => fs.openSync(file, READ));
    const facts = fs.fstatSync(handle);
    requirePlain(file, facts);
    if (facts.size > maxBytes) {
      throw new UnreadableFile(file, `it is ${facts.size} bytes long; the limit is ${maxBytes}`);
    }
    const before = identityOf(handle);
    const bytes = readUpTo(handle, { expected: facts.size, limit: maxBytes });
    if (bytes === undefined)
      throw new UnreadableFile(file, `it is longer than the limit of ${maxBytes} bytes`);
    return { bytes, facts, identity: identityOf(handle) === before ? before : undefined };
  } catch (error) {
    if (error instanceof VouchError) throw error;
    if (codeOf(error) === "ENOENT") return undefined;
    throw new UnreadableFile(file, whyFailed(error), { cause: error });
  } finally {
    if (handle !== undefined) fs.closeSync(handle);
  }
}

function identityOf(handle: number): string {
  return fileIdentity(fs.fstatSync(handle, { bigint: true }));
}

function requirePlain(file: string, facts: fs.Stats): void {
  if (!facts.isFile()) throw new UnreadableFile(file, `it is ${kindOf(facts)}`);
}

function kindOf(facts: fs.Stats): string {
  if (facts.isDirectory()) return "a directory";
  if (facts.isFIFO()) return "a named pipe, not a file";
  return facts.isSocket() ? "a socket, not a file" : "a device, not a file";
}

/** The whole contents of the file; undefined if they exceed the limit, also if the file grows meanwhile. */
function readUpTo(
  handle: number,
  { expected, limit }: { readonly expected: number; readonly limit: number },
): Buffer | undefined {
  const chunks: Buffer[] = [];
  let size = 0;
  for (let wanted = expected + 1; ; wanted = CHUNK_BYTES) {
    const chunk = Buffer.allocUnsafe(Math.min(wanted, limit + 1 - size));
    const count = fs.readSync(handle, chunk);
    if (count === 0) return Buffer.concat(chunks);
    size += count;
    if (size > limit) return undefined;
    chunks.push(chunk.subarray(0, count));
  }
}

/**
 * The file's text, with byte order mark and line endings unchanged; undefined if there is no such file. Throws `file-unreadable`
 * for what is not a regular file, may not be read, is larger than `maxBytes` or is not UTF-8.
 */
export function readTextFile(file: string, maxBytes?: number): string | undefined {
  const found = readPlainFile(file, maxBytes);
  return found === undefined ? undefined : textOf(file, found);
}

/** The text of a file that was read. Throws `file-unreadable` for bytes that are not UTF-8. */
export function textOf(file: string, { bytes }: PlainFile): string {
  if (utf16Kind(bytes) !== undefined) throw otherEncoding(file, bytes);
  try {
    return UTF8.decode(bytes);
  } catch (error) {
    throw otherEncoding(file, bytes, error);
  }
}

/**
 * How old a file must be, in milliseconds, before its times prove that nothing wrote to it after we read it: file systems count
 * in ticks of up to two seconds. Source: git-scm.com/docs/racy-git; Microsoft, "File Times" (FAT).
 */
const TELLING_AGE_MS = 2000;

/** A file's text, and an identity that tells whether it is still the same file with the same text. */
export interface WitnessedFile {
  /** Undefined: there is no such file. */
  readonly text: string | undefined;
  /** In the form of the warm path's host. Undefined: it was written while it was read, or too recently to tell. */
  readonly identity: string | undefined;
}

/**
 * Reads a file together with its identity, both from the same open file. `now` is in milliseconds since 1970. Throws
 * `file-unreadable` for what is not a regular file, may not be read or is not UTF-8.
 */
export function readWitnessed(file: string, now: number): WitnessedFile {
  const found = readUnlessMissing(file);
  if (found === undefined) return { text: undefined, identity: NO_FILE };
  const { mtimeMs, ctimeMs } = found.facts;
  const isTelling = Math.max(mtimeMs, ctimeMs) <= now - TELLING_AGE_MS;
  return { text: textOf(file, found), identity: isTelling ? found.identity : undefined };
}

/** A path below a file counts as missing too, as in the warm path's host. */
function readUnlessMissing(file: string): PlainFile | undefined {
  try {
    return readPlainFile(file);
  } catch (error) {
    if (error instanceof VouchError && codeOf(error.cause) === "ENOTDIR") return undefined;
    throw error;
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Says which encoding a file has if not UTF-8, with the commands that convert it, or the line where it stops being UTF-8. */
function otherEncoding(file: string, bytes: Buffer, cause?: unknown): UnreadableFile {
  const kind = utf16Kind(bytes);
  if (kind !== undefined) {
    const mark = kind.isMarked ? "" : ", without byte order mark";
    return new UnreadableFile(file, `its text is UTF-16, ${kind.order}-endian${mark}, but must be UTF-8`, {
      cause,
      hint: conversion(file, kind),
    });
  }
  const line = firstOtherLine(bytes);
  return new UnreadableFile(file, `it is not UTF-8 text: the first invalid byte is in line ${line}`, {
    cause,
    hint: withCommands`Rewrite that line in UTF-8: ${edit(file, line)}`,
  });
}

/** Windows PowerShell writes UTF-16 with `>`. */
function conversion(file: string, kind: Utf16Kind): string {
  const [first, second] = toUtf8(file, kind);
  if (first === undefined) return "";
  return second === undefined
    ? withCommands`Convert it to a new file and replace the original: ${first}`
    : withCommands`Convert it but keep the original: ${first}, then ${second}`;
}

function firstOtherLine(bytes: Buffer): number {
  let start = 0;
  for (let line = 1; ; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    try {
      UTF8.decode(bytes.subarray(start, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    start = end + 1;
  }
}

/**
 * The text of a file that may be lost without harm, a cache or a mark. A file that cannot be read counts as missing, and so does
 * one that is not a regular file or not ours alone: the warm path does not trust it either.
 */
export function lossyText(file: string): string | undefined {
  try {
    const found = readPlainFile(file);
    return found !== undefined && isOursAlone(found.facts) ? textOf(file, found) : undefined;
  } catch {
    return undefined;
  }
}

/** Windows has no such mode bits. */
function isOursAlone({ uid, mode }: Stats): boolean {
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
}
