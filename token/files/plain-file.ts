import fs from "node:fs";
import { debug, sizeText } from "../debug.ts";
import { reasonOf, VouchError } from "../errors/errors.ts";
import { fileIdentity } from "../hot/file-identity.ts";
import { codeOf, whyFailed } from "./file-reasons.ts";
import { lookAt, obstacle } from "./obstacle.ts";

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
    handle = fs.openSync(file, READ);
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

/** `file-unreadable`, with the command to look at the file if the caller has no better hint. */
export class UnreadableFile extends VouchError {
  /** The reason, to follow a colon: `it is a directory`. */
  readonly why: string;

  constructor(
    file: string,
    why: string,
    { cause, hint }: { readonly cause?: unknown; readonly hint?: string } = {},
  ) {
    super("file-unreadable", `${file} cannot be read: ${why}.`, {
      cause,
      hint: hint ?? lookAt(obstacle(file)),
    });
    this.why = why;
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
