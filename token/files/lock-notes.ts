import fs from "node:fs";
import path from "node:path";
import { fnv64 } from "../hot/fnv.ts";
import { hasEnded, type LockHolder, thisProcess } from "./lock-holder.ts";
import { ensurePrivateDirectory, readTextFile, writeFileAtomically } from "./private-file.ts";

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
  const body: Note = { lock: lockFile, file: textOf(made), holder: thisProcess() };
  writeFileAtomically(note, `${JSON.stringify(body)}\n`);
  return note;
}

/** Whether the lock was made by a process of ours that has ended. */
export function isAbandoned(folder: string, lockFile: string): boolean {
  const found = identityOf(lockFile);
  if (found === undefined) return false;
  return notesOf(folder, lockFile).some(
    ({ note }) => note?.lock === lockFile && note.file === textOf(found) && hasEnded(note.holder),
  );
}

/** Removes the notes of processes that have ended: whoever holds the lock now knows that their locks are gone. */
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
  try {
    return JSON.parse(readTextFile(file) ?? "") as Note;
  } catch {
    return undefined;
  }
}

function textOf({ dev, ino, mtimeNs }: FileIdentity): string {
  return `${dev} ${ino} ${mtimeNs}`;
}
