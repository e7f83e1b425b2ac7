import { readCaller } from "./hot/caller.ts";
import { fileIdentity, NO_FILE } from "./hot/file-identity.ts";
import { CALLER_VARIABLE } from "./hot/gate.ts";
import type { Host, SmallFile } from "./hot/host.ts";

/** Not imported: for an import Node builds a wrapper module, which costs the warm path a tenth. */
const fs = process.getBuiltinModule("node:fs");
const { isUtf8 } = process.getBuiltinModule("node:buffer");

/** The largest file that the hot path reads, in bytes; a token has at most 4096. */
const MAX_FILE_BYTES = 64 * 1024;

/** Opening never waits for the other end of a pipe. Windows has no such flags, and there Node does not define them. */
const { O_RDONLY, O_WRONLY, O_CREAT, O_NOFOLLOW, O_NOCTTY, O_NONBLOCK } = fs.constants;
const READ = O_RDONLY | O_NONBLOCK | O_NOCTTY;
/** Does not follow links. */
const OVERWRITE = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

/** The hot path's host on Node: the npm package, the core, and tests. All synchronous. */
export function nodeHost(program: NodeJS.Process): Host {
  const isWindows = program.platform === "win32";
  const ownerId = isWindows ? undefined : program.getuid?.();
  return {
    args: program.argv.slice(2),
    isWindows,
    env: (name) => program.env[name] || (name === "HOME" ? homeDir(program) : undefined),
    now: Date.now,
    parentId: () => (isWindows ? callerOnWindows(program) : program.ppid),
    readFile: (path) => readSmallFile(path, ownerId),
    identity: identityOf,
    overwriteFile: (path, text) => overwriteSmallFile(path, text, ownerId),
    print: (text) => printAll(text),
  };
}

/** With a launcher in front, it is our parent. */
function callerOnWindows({ env, ppid }: NodeJS.Process): number {
  return readCaller(env[CALLER_VARIABLE], ppid)?.id ?? ppid;
}

/**
 * Called only if HOME is not set: loading `node:os` costs the warm path a twentieth. Undefined for a user without an entry in the
 * user database, as in some containers.
 */
function homeDir(program: NodeJS.Process): string | undefined {
  try {
    return program.getBuiltinModule("node:os").homedir();
  } catch {
    return undefined;
  }
}

function readSmallFile(path: string, ownerId: number | undefined): SmallFile | undefined {
  let file: number | undefined;
  try {
    file = fs.openSync(path, READ);
    const facts = fs.fstatSync(file);
    if (!facts.isFile() || facts.size > MAX_FILE_BYTES) return undefined;
    const bytes = Buffer.allocUnsafe(facts.size);
    if (readFully(file, bytes) < facts.size) return undefined;
    return isUtf8(bytes) ? { text: bytes.toString(), isPrivate: isPrivate(facts, ownerId) } : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

/** From the opened file, since a network file system then asks its server. */
function identityOf(path: string): string | undefined {
  let file: number | undefined;
  try {
    file = fs.openSync(path, READ);
    const facts = fs.fstatSync(file, { bigint: true });
    return facts.isFile() ? fileIdentity(facts) : undefined;
  } catch (error) {
    return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "") ? NO_FILE : undefined;
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

/** How many bytes were read; fewer than `bytes` has room for if the file ends before. */
function readFully(file: number, bytes: Buffer): number {
  let filled = 0;
  while (filled < bytes.length) {
    const count = fs.readSync(file, bytes, filled, bytes.length - filled, null);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** Opened once, and checked by that handle. Never truncated: ext4 flushes a truncated file to disk immediately. */
function overwriteSmallFile(path: string, text: string, ownerId: number | undefined): boolean {
  try {
    const file = fs.openSync(path, OVERWRITE, 0o600);
    try {
      const facts = fs.fstatSync(file);
      const isOurs = facts.isFile() && isPrivate(facts, ownerId);
      return isOurs && fs.writeSync(file, text) === Buffer.byteLength(text);
    } finally {
      fs.closeSync(file);
    }
  } catch {
    return false;
  }
}

/**
 * If there is no owner ID, on Windows, every file counts as private: Node cannot read access lists. The launcher can, and makes the
 * folder of these files private.
 */
function isPrivate(
  { uid, mode }: { readonly uid: number; readonly mode: number },
  ownerId?: number,
): boolean {
  return ownerId === undefined || (uid === ownerId && (mode & 0o077) === 0);
}

/** Writes to standard output synchronously, even to a pipe that takes only a part at a time. A missing reader is no failure. */
function printAll(text: string): void {
  let rest = text;
  while (rest !== "") {
    try {
      const written = fs.writeSync(1, rest);
      rest = written === rest.length ? "" : Buffer.from(rest).subarray(written).toString();
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") continue;
      if (["EPIPE", "EBADF"].includes(code)) return;
      throw error;
    }
  }
}
