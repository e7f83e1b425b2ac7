import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { run } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { move, showTarget } from "../command/tasks.ts";
import { debug, sizeText } from "../debug.ts";
import { codeOf, VouchError } from "../errors/errors.ts";
import { LINK_LOOP, lookAt, MAX_LINKS, obstacle, unwritable, whyFailed } from "./file-errors.ts";
import { TO_CHANGE, whenFree } from "./sharing.ts";

/** The calls used to write a file; a test passes failing ones. */
export type WriteCalls = Pick<
  typeof fs,
  "openSync" | "writeSync" | "fchmodSync" | "fchownSync" | "fsyncSync" | "closeSync" | "renameSync"
>;

interface WriteOptions {
  /** Mode of the written file; 0600 by default. */
  readonly mode?: number;
  /**
   * The file is not ours alone (kubeconfig, AWS config): write through symbolic links, and keep its mode and owner. Otherwise the
   * file is ours: it gets our mode, and a link in its place is replaced.
   */
  readonly keepIdentity?: boolean;
  /** False: with `keepIdentity`, the file gets our mode all the same. */
  readonly keepMode?: boolean;
  readonly calls?: WriteCalls;
  /** Absent: this machine's. */
  readonly platform?: NodeJS.Platform;
}

/**
 * Name of a file that will be renamed later. It contains our process id, so that files left by a killed process can be removed.
 */
export function temporaryName(): string {
  return `.vouch-${process.pid}-${randomBytes(6).toString("hex")}.tmp`;
}

/**
 * Replaces a file as a whole: a temporary file beside it, fsync, rename. Readers see the old bytes or the new ones, and after a
 * failure the old ones are still there. Throws `file-unwritable`.
 *
 * Deliberately not preserved: access control lists, extended attributes and hard links, which a rename leaves behind.
 */
export function writeFileAtomically(
  file: string,
  data: string | Uint8Array,
  options: WriteOptions = {},
): void {
  const { keepIdentity = false, keepMode = true, calls = fs } = options;
  if (keepIdentity) requireWritable(file);
  const target = keepIdentity ? linkTarget(file) : file;
  const existing = keepIdentity ? existingFile(target) : undefined;
  const temporary = path.join(path.dirname(target), temporaryName());
  try {
    writeWhole(calls, { file: temporary, bytes: Buffer.from(data) }, (handle) => {
      if (existing !== undefined) keepOwner(calls, handle, existing);
      calls.fchmodSync(handle, ((keepMode ? existing?.mode : undefined) ?? options.mode ?? 0o600) & 0o7777);
    });
    replaceFile(temporary, target, { ...options, calls });
    debug(`wrote ${file} (${sizeText(Buffer.byteLength(data))})`);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    debug(`wrote ${file}: ${whyFailed(error)}`);
    throw unwritable(file, error);
  }
}

/** Renames over a file. Throws EBUSY if another program keeps it open. */
function replaceFile(
  from: string,
  to: string,
  { calls = fs, platform = process.platform }: Pick<WriteOptions, "calls" | "platform">,
): void {
  try {
    whenFree(() => calls.renameSync(from, to), TO_CHANGE, platform);
  } catch (error) {
    // In a folder where the other file was just made, Windows denies this only for that reason.
    const isOpen = platform === "win32" && ["EPERM", "EACCES"].includes(codeOf(error));
    throw isOpen ? Object.assign(new Error("in use", { cause: error }), { code: "EBUSY" }) : error;
  }
}

/**
 * Throws `file-unwritable` for an existing file of others that we may not write. kubectl opens the file for writing and fails,
 * whereas a rename over it would succeed. Source: client-go, tools/clientcmd/loader.go, `WriteToFile`.
 */
export function requireWritable(file: string): void {
  const target = linkTarget(file);
  if (existingFile(target) === undefined) return;
  try {
    fs.accessSync(target, fs.constants.W_OK);
  } catch (error) {
    throw new VouchError("file-unwritable", `${file} cannot be written: ${whyFailed(error)}.`, {
      cause: error,
      hint: withCommands`Check its owner and mode: ${showTarget(file)}`,
    });
  }
}

/**
 * Throws `file-unwritable` for a folder in which no file can be created, before work is done that would be lost. A missing folder
 * counts as its parent, where it would be created. A full disk is not detected.
 */
export function requireWritableFolder(folder: string): void {
  try {
    fs.accessSync(path.join(folder, path.sep), fs.constants.W_OK);
  } catch (error) {
    const parent = path.dirname(folder);
    if (codeOf(error) !== "ENOENT" || parent === folder)
      throw unwritable(path.join(folder, "file"), error, `Folder ${folder} cannot be written`);
    requireWritableFolder(parent);
  }
}

/**
 * Creates a folder that only its owner can enter, and its parents. An existing one must be a real directory, ours, and writable
 * by no one else. Throws `directory-unsafe`, or `file-unwritable` if it cannot be created.
 */
export function ensurePrivateDirectory(folder: string, ownerId = process.getuid?.()): void {
  let status: fs.Stats;
  try {
    makeFolders(folder);
    status = fs.lstatSync(folder);
  } catch (error) {
    if (["EEXIST", "ENOTDIR"].includes(codeOf(error)))
      throw misplaced(obstacle(path.join(folder, "file")), "is not a directory");
    throw unwritable(folder, error);
  }
  requireOurs(folder, status, ownerId);
}

/** Like {@link ensurePrivateDirectory}, but a missing folder stays missing. */
export function requirePrivateDirectory(folder: string, ownerId = process.getuid?.()): void {
  const status = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (status !== undefined) requireOurs(folder, status, ownerId);
}

function requireOurs(folder: string, status: fs.Stats, ownerId: number | undefined): void {
  if (status.isSymbolicLink()) throw misplaced(folder, "is a symbolic link");
  if (!status.isDirectory()) throw misplaced(folder, "is not a directory");
  if (ownerId === undefined) return;
  if (status.uid !== ownerId)
    throw misplaced(folder, `belongs to user ${status.uid}, not to user ${ownerId}`);
  if ((status.mode & 0o022) !== 0) {
    throw new VouchError(
      "directory-unsafe",
      `${folder} is writable by others (mode ${(status.mode & 0o777).toString(8)}).`,
      {
        hint: withCommands`If no one else put anything there, run ${run("chmod", "700", {}, folder)}; otherwise remove it.`,
      },
    );
  }
}

/**
 * Creates a folder of mode 0700, and its parents; an existing one stays unchanged. Node's `recursive` is not used: it never ends
 * if a file system answers ENOENT for a folder whose parent exists (`/proc/x`).
 */
export function makeFolders(folder: string): void {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolders(parent);
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have created it meanwhile; anything else with this name is not a folder.
    if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** The real path of a file, with symbolic links followed, even if the last one points to nothing yet. */
export function linkTarget(file: string): string {
  let target = file;
  for (let links = 0; links <= MAX_LINKS; links += 1) {
    try {
      target = path.resolve(path.dirname(target), fs.readlinkSync(target));
    } catch (error) {
      if (["EINVAL", "ENOENT", "UNKNOWN"].includes(codeOf(error))) return target;
      throw unwritable(file, error);
    }
  }
  throw notWritten(file, LINK_LOOP);
}

function existingFile(target: string): fs.Stats | undefined {
  const status = fs.statSync(target, { throwIfNoEntry: false });
  if (status === undefined || status.isFile()) return status;
  throw notWritten(target, status.isDirectory() ? "it is a directory" : "it is not a regular file");
}

function writeWhole(
  calls: WriteCalls,
  { file, bytes }: { readonly file: string; readonly bytes: Buffer },
  prepare: (handle: number) => void,
): void {
  const handle = calls.openSync(file, "wx", 0o600);
  try {
    for (let written = 0; written < bytes.length; ) written += calls.writeSync(handle, bytes, written);
    prepare(handle);
    calls.fsyncSync(handle);
  } finally {
    calls.closeSync(handle);
  }
}

/** As far as permitted: only root can give a file to another user, and others can only give it to one of their groups. */
function keepOwner(calls: WriteCalls, handle: number, { uid, gid }: fs.Stats): void {
  const made = fs.fstatSync(handle);
  if (made.uid === uid && made.gid === gid) return;
  for (const owner of [uid, made.uid]) {
    try {
      calls.fchownSync(handle, owner, gid);
      return;
    } catch {
      // Not permitted: the file then belongs to the user who wrote it last, as with any editor.
    }
  }
}

function notWritten(file: string, why: string): VouchError {
  return new VouchError("file-unwritable", `${file} cannot be written: ${why}.`, { hint: lookAt(file) });
}

function misplaced(place: string, what: string): VouchError {
  return new VouchError("directory-unsafe", `${place} ${what}.`, {
    hint: withCommands`Check what it is, and move it out of the way: ${move(place, `${place}.old`)}`,
  });
}

/** A file that will be replaced by contents that are not known yet. */
export interface PreparedFile {
  /**
   * Replaces the file as a whole, with mode 0600, even if the prepared file is gone. May be tried again. Throws
   * `file-unwritable`.
   */
  replace(text: string): void;
  /** Removes the prepared file. To be called in any case. */
  release(): void;
}

/** Bytes that are reserved. Token files have up to some thousand. */
const ROOM = 32 * 1024;

/**
 * Creates a temporary file beside a file, with room for what will be written: so an unwritable folder or a full disk shows now,
 * and not when there is something to lose. Throws `file-unwritable`.
 */
export function prepareFile(file: string): PreparedFile {
  const temporary = path.join(path.dirname(file), temporaryName());
  const release = () => fs.rmSync(temporary, { force: true });
  try {
    fs.writeFileSync(temporary, Buffer.alloc(ROOM), { flag: "wx", mode: 0o600, flush: true });
  } catch (error) {
    release();
    throw unwritable(file, error);
  }
  return {
    release,
    replace(text) {
      try {
        writeOver(temporary, text);
        replaceFile(temporary, file, {});
        debug(`wrote ${file}`);
      } catch (error) {
        if (codeOf(error) !== "ENOENT") throw unwritable(file, error);
        writeFileAtomically(file, text);
      }
    },
  };
}

/** In the existing blocks, if the file system reuses them. */
function writeOver(file: string, text: string): void {
  const handle = fs.openSync(file, "r+");
  try {
    fs.writeFileSync(handle, text);
    fs.ftruncateSync(handle, Buffer.byteLength(text));
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}
