import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { codeOf, unlessThrown, VouchError } from "../errors/errors.ts";
import { fnv64 } from "../hot/fnv.ts";
import { unwritable } from "./file-errors.ts";
import { namesIn } from "./folders.ts";
import { readTextFile } from "./plain-file.ts";
import { ensurePrivateDirectory, temporaryName, writeFileAtomically } from "./private-file.ts";

/** A process, distinguished from every later one with the same number. */
interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** Start of the system, namespace of the number, and start of the process; absent if the system does not tell. */
  readonly boot?: string;
  readonly namespace?: string;
  readonly start?: string;
}

/** This process. */
export function thisProcess(): LockHolder {
  return holderOf(process.pid);
}

/**
 * Whether the process has certainly ended. False for one on another machine, or in another container: we cannot tell, and its
 * lock is not ours to take.
 */
export function hasEnded(holder: LockHolder): boolean {
  const now = holderOf(holder.pid);
  if (holder.host !== now.host) return false;
  if (holder.boot !== now.boot) return true;
  if (holder.namespace !== now.namespace) return false;
  return !isRunning(holder.pid) || holder.start !== now.start;
}

/** Source: Linux, proc(5): `/proc/PID/stat`, field 22, after the name in brackets, which may contain anything. */
function holderOf(pid: number): LockHolder {
  const boot = unlessThrown(() => readTextFile("/proc/sys/kernel/random/boot_id")?.trim(), undefined);
  const namespace = unlessThrown(() => fs.readlinkSync("/proc/self/ns/pid"), undefined);
  const stat = unlessThrown(() => readTextFile(`/proc/${pid}/stat`), undefined);
  const start = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return {
    pid,
    host: os.hostname(),
    ...(boot === undefined ? {} : { boot }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(start === undefined ? {} : { start }),
  };
}

/** Whether there is a process with that number, of any user. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}

/** Identifies a file, whatever its name: a lock that was taken over has another identity. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly mtimeNs: bigint;
}

export function identityOf(file: string): FileIdentity | undefined {
  return fs.lstatSync(file, { bigint: true, throwIfNoEntry: false });
}

export function isSameFile(one: FileIdentity | undefined, other: FileIdentity): boolean {
  return one !== undefined && one.dev === other.dev && one.ino === other.ino && one.mtimeNs === other.mtimeNs;
}

/** Our note about a lock of kubectl's kind, which is empty and cannot name its holder. */
interface Note {
  readonly lock: string;
  /** `dev ino mtimeNs` */
  readonly file: string;
  readonly holder: LockHolder;
}

/**
 * Notes that a lock is ours, before the lock gets its name; so at no moment can a killed process leave a lock that is not noted.
 * Returns the note's name.
 */
export function noteLock(folder: string, lockFile: string, made: FileIdentity): string {
  ensurePrivateDirectory(folder);
  const note = path.join(folder, `${prefix(lockFile)}${made.ino}-${made.mtimeNs}.json`);
  const body: Note = { lock: lockFile, file: identityText(made), holder: thisProcess() };
  writeFileAtomically(note, `${JSON.stringify(body)}\n`);
  return note;
}

/** Whether the lock was made by a process of ours that has ended. */
export function isAbandoned(folder: string, lockFile: string): boolean {
  const found = identityOf(lockFile);
  if (found === undefined) return false;
  return notesOf(folder, lockFile).some(
    ({ note }) => note?.lock === lockFile && note.file === identityText(found) && hasEnded(note.holder),
  );
}

/** Removes the notes of processes that have ended: the process that holds the lock now knows that their locks are gone. */
export function forgetEnded(folder: string, lockFile: string): void {
  for (const { name, note } of notesOf(folder, lockFile))
    if (note === undefined || hasEnded(note.holder)) fs.rmSync(name, { force: true });
}

/** The locks for which there are notes. */
export function notedLocks(folder: string): string[] {
  const notes = notesNamed(folder, "lock-").flatMap(({ note }) => note?.lock ?? []);
  return [...new Set(notes)];
}

interface NamedNote {
  readonly name: string;
  readonly note: Note | undefined;
}

function notesOf(folder: string, lockFile: string): NamedNote[] {
  return notesNamed(folder, prefix(lockFile));
}

function notesNamed(folder: string, beginning: string): NamedNote[] {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  return names
    .filter((name) => name.startsWith(beginning))
    .map((name) => ({ name: path.join(folder, name), note: readNote(path.join(folder, name)) }));
}

function prefix(lockFile: string): string {
  return `lock-${fnv64(lockFile)}-`;
}

function readNote(file: string): Note | undefined {
  return unlessThrown(() => JSON.parse(readTextFile(file) ?? "") as Note, undefined);
}

function identityText({ dev, ino, mtimeNs }: FileIdentity): string {
  return `${dev} ${ino} ${mtimeNs}`;
}

/** A new lock: its file's identity, and its note. */
export interface MadeLock {
  readonly identity: FileIdentity;
  readonly note?: string;
}

interface LockBody {
  write(file: string): void;
  /** Called before the lock gets its name. */
  note?(identity: FileIdentity): string;
}

/**
 * A lock gets its name only when it is complete and noted, by a link, which fails if the name exists; so a process that is killed
 * meanwhile leaves no unknown lock. On a file system without links it is written in place.
 */
export function makeLock(lockFile: string, { write, note }: LockBody): MadeLock | undefined {
  if (identityOf(lockFile) !== undefined) return undefined;
  const unnamed = path.join(path.dirname(lockFile), temporaryName());
  let noted: string | undefined;
  try {
    write(unnamed);
    const identity = fs.lstatSync(unnamed, { bigint: true });
    noted = note?.(identity);
    fs.linkSync(unnamed, lockFile);
    return { identity, ...(noted === undefined ? {} : { note: noted }) };
  } catch (error) {
    if (noted !== undefined) fs.rmSync(noted, { force: true });
    if (codeOf(error) === "EEXIST") return undefined;
    if (NO_LINKS.includes(codeOf(error))) return writeInPlace(lockFile, write);
    throw unmade(lockFile, error);
  } finally {
    fs.rmSync(unnamed, { force: true });
  }
}

/** Errors of link(2) on file systems without links. */
const NO_LINKS = ["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK"];

function writeInPlace(lockFile: string, write: LockBody["write"]): MadeLock | undefined {
  try {
    write(lockFile);
    return { identity: fs.lstatSync(lockFile, { bigint: true }) };
  } catch (error) {
    if (codeOf(error) === "EEXIST") return undefined;
    throw unmade(lockFile, error);
  }
}

function unmade(lockFile: string, error: unknown): VouchError {
  if (error instanceof VouchError) return error;
  return unwritable(lockFile, error, `Lock ${lockFile} cannot be created`);
}

/** Our temporary files, with the number of the process that writes them; names of older versions have none. */
const TEMPORARY = /^\.vouch-(?:(\d+)-)?[0-9a-f]{12,16}\.tmp$/;

/** How long a file without a process number may still be in writing, in milliseconds. */
const WRITING_MS = 60_000;

/**
 * Removes the temporary files that killed processes of ours have left in a folder, since they may contain secrets. Files that a
 * running process is writing stay. Does nothing if the folder cannot be read. `names` are those in the folder.
 */
export function removeLeftFiles(folder: string, now: number, names = namesIn(folder)): void {
  for (const name of names) {
    const match = TEMPORARY.exec(name);
    const file = path.join(folder, name);
    if (match !== null && isLeft(file, { pid: match[1], now })) fs.rmSync(file, { force: true });
  }
}

function isLeft(
  file: string,
  { pid, now }: { readonly pid: string | undefined; readonly now: number },
): boolean {
  if (pid !== undefined) return !isRunning(Number(pid));
  const changed = fs.lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now;
  return now - changed > WRITING_MS;
}
