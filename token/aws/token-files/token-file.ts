import path from "node:path";
import { lockPath, withFileLock } from "../../files/file-lock.ts";
import { removeLeftFiles } from "../../files/lock-files.ts";
import { readWitnessed } from "../../files/plain-file.ts";
import { makeFolders, writeFileAtomically } from "../../files/private-file.ts";
import type { Witness } from "../../hot/cached-token.ts";
import { type JsonRecord, jsonRecord } from "../../record.ts";
import { type Clock, pause, systemTimers } from "../../timers.ts";

/** Other tools write in place: for a moment their file is empty or incomplete. */
const LOOKS = 3;
const PAUSE_MS = 100;

/** How long to wait for another process of ours that is calling AWS, in milliseconds. */
const WAIT_MS = 30_000;
const STALE_MS = 120_000;

/** What is needed to read and write these files. */
export interface TokenFileAccess {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A file in which AWS's tools keep tokens and clients. */
export interface TokenFile {
  /** Undefined: there is no file. `torn`: it is no JSON object, even when read again. */
  readonly content: JsonRecord | "torn" | undefined;
  /** Its path and identity, for the warm path; undefined if in doubt. */
  readonly witness: Witness | undefined;
}

/** Reads such a file; reads again if it seems incomplete. Throws `file-unreadable`, `interrupted`. */
export async function readTokenFile(file: string, { clock, signal }: TokenFileAccess): Promise<TokenFile> {
  for (let look = 1; ; look += 1) {
    const { text, identity } = readWitnessed(file, clock());
    const witness = identity === undefined ? undefined : ([file, identity] as const);
    if (text === undefined) return { content: undefined, witness };
    const content = jsonRecord(text);
    if (content !== undefined) return { content, witness };
    if (look === LOOKS) return { content: "torn", witness };
    await pause(PAUSE_MS, systemTimers, signal);
  }
}

interface LockAccess extends TokenFileAccess {
  /** How long to wait for another process, in milliseconds; by default half a minute. */
  readonly waitMs?: number;
}

/**
 * Does the work while no other process of ours changes the file. Other tools do not use this lock, so the holder must read the
 * file again. What a killed process of ours has left is removed.
 */
export async function withTokenFileLocked<T>(
  file: string,
  { clock, signal, waitMs = WAIT_MS }: LockAccess,
  work: () => Promise<T>,
): Promise<T> {
  const folder = path.dirname(file);
  makeFolders(folder);
  return withFileLock(lockPath(file), { clock, signal, waitMs, staleAfterMs: STALE_MS }, () => {
    removeLeftFiles(folder, clock());
    return work();
  });
}

/** Replaces the file as a whole, so that no reader sees half of it; mode 0600. Throws `file-unwritable`. */
export function writeTokenFile(file: string, content: JsonRecord): void {
  makeFolders(path.dirname(file));
  writeFileAtomically(file, JSON.stringify(content));
}
