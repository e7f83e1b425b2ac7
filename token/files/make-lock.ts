import fs from "node:fs";
import path from "node:path";
import { VouchError } from "../errors/errors.ts";
import { codeOf } from "./file-reasons.ts";
import { type FileIdentity, identityOf } from "./lock-notes.ts";
import { temporaryName } from "./private-file.ts";
import { unwritable } from "./unwritable.ts";

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
