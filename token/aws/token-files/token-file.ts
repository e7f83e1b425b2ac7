import path from "node:path";
import type { Clock } from "../../clock.ts";
import { lockPath, withFileLock } from "../../files/file-lock.ts";
import { removeLeftFiles } from "../../files/left-files.ts";
import { makeFolders, writeFileAtomically } from "../../files/private-file.ts";
import { readWitnessed } from "../../files/witnessed-file.ts";
import type { Witness } from "../../hot/cached-token.ts";
import { pause } from "../../interruption.ts";
import { systemTimers } from "../../timers.ts";
import { type JsonRecord, jsonRecord } from "../../vouch/json-record.ts";

/** Other tools write in place: for a moment their file is empty, or half there. */
const LOOKS = 3;
const PAUSE_MS = 100;

/** How long to wait for another process of ours, which asks AWS meanwhile, in milliseconds. */
const WAIT_MS = 30_000;
const STALE_MS = 120_000;

/** What reading and writing of these files needs. */
export interface TokenFileAccess {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A file in which AWS's tools keep tokens and clients. */
export interface TokenFile {
  /** Undefined: there is none. `torn`: it is no JSON object, whenever one looks. */
  readonly content: JsonRecord | "torn" | undefined;
  /** Its path and identity, for the warm path; undefined in doubt. */
  readonly witness: Witness | undefined;
}

/** Reads such a file. What seems to be half there is looked at again. Throws `file-unreadable`, `interrupted`. */
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
  /** How long to wait for another process, in milliseconds; half a minute where nobody says. */
  readonly waitMs?: number;
}

/**
 * Does the work while no other process of ours changes the file. Other tools know no lock: whoever holds it reads the file
 * anew. What a killed process of ours has left is removed.
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

/** Replaces the file as a whole, so that no reader sees a half; mode 0600. Throws `file-unwritable`. */
export function writeTokenFile(file: string, content: JsonRecord): void {
  makeFolders(path.dirname(file));
  writeFileAtomically(file, JSON.stringify(content));
}
