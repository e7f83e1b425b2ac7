import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { debug } from "../debug.ts";
import { reasonOf, VouchError } from "../errors/errors.ts";
import { lockPath, withFileLock } from "../files/file-lock.ts";
import { removeLeftFiles } from "../files/lock-files.ts";
import { readWitnessed } from "../files/plain-file.ts";
import { makeFolders, type PreparedFile, prepareFile, writeFileAtomically } from "../files/private-file.ts";
import type { Witness } from "../hot/cached-token.ts";
import { type JsonRecord, jsonRecord } from "../record.ts";
import { pause, systemTimers, throwIfInterrupted } from "../timers.ts";
import type { BearerAccess } from "./bearer-call.ts";

/** Other tools write in place: for a moment their file is empty or incomplete. */
const LOOKS = 3;
const LOOK_PAUSE_MS = 100;

/** How long to wait for another process of ours that is calling AWS, in milliseconds. */
const WAIT_MS = 30_000;
const STALE_MS = 120_000;

/** What is needed to read and write these files. */
type TokenFileAccess = Pick<BearerAccess, "clock" | "signal">;

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
    await pause(LOOK_PAUSE_MS, systemTimers, signal);
  }
}

interface LockAccess extends TokenFileAccess {
  /** How long to wait for another process, in milliseconds; by default half a minute. */
  readonly waitMs?: number;
}

/**
 * Does the work while no other process of ours changes the file. Other tools do not use this lock, so the holder must read the
 * file again. Leftovers of our killed processes are removed.
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

/** Any kind of token of AWS's tools. Secret as a whole. */
export interface FileToken {
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** All members of its file, also those that we do not know. */
  readonly members: JsonRecord;
}

/** AWS's answer: the members of the file that change, or the error, if the refresh token has already been used. */
export type Refreshed = { readonly given: JsonRecord } | { readonly usedUp: VouchError };

/** One login, kept in one file. */
export interface TokenPlace<Token extends FileToken> {
  readonly file: string;
  /** What it is called in messages: `the session at IAM Identity Center (…)`. */
  readonly name: string;
  /** How to log in again, as a sentence. */
  readonly hint: string;
  /** The token from the members of such a file, else what is wrong with the file: `lacks a date`. */
  readonly read: (members: JsonRecord) => Token | string;
  /** The user is not logged in; `why` is a clause without its full stop. */
  readonly loggedOut: (why?: string) => VouchError;
  /** The token has ended, and cannot be refreshed. */
  readonly ended: () => VouchError;
  /** The token has ended, and is not refreshed, because this command does not change files. */
  readonly notRefreshed: () => VouchError;
  /** Asks AWS for another token, once, unless the signal comes. Undefined: that would be pointless. */
  readonly refresh: (token: Token) => ((signal: AbortSignal) => Promise<Refreshed>) | undefined;
}

/** A token as kept in its file. */
interface KeptToken<Token> {
  readonly token: Token;
  /** Undefined if in doubt. */
  readonly witness: TokenFile["witness"];
}

/** While the token is still good, we wait no longer than this for another process that refreshes it, in milliseconds. */
const EARLY_WAIT_MS = 2000;

/**
 * How often the file is read again for the token of a process that was quicker, or is tried to be written, and the pause in
 * between, in milliseconds.
 */
const TRIES = 3;
const TRY_PAUSE_MS = 200;

/**
 * The token in the file. One that ends within `leftMs` is refreshed; if that fails, or nothing may be written, it is used until
 * it ends. Throws the place's errors for a missing or ended login, and whatever prevents asking AWS.
 */
export async function livingToken<Token extends FileToken>(
  place: TokenPlace<Token>,
  leftMs: number,
  access: BearerAccess,
): Promise<KeptToken<Token>> {
  const found = await readToken(place, access);
  if (isValidFor(found.token, leftMs, access)) return found;
  const isRefreshable = place.refresh(found.token) !== undefined;
  const kept =
    isRefreshable && access.keep
      ? await refreshedOrFound(place, { token: found.token, leftMs }, access)
      : found;
  if (isValidFor(kept.token, 0, access)) return kept;
  throw isRefreshable && !access.keep ? place.notRefreshed() : place.ended();
}

function isValidFor({ expires }: FileToken, leftMs: number, { clock }: Pick<BearerAccess, "clock">): boolean {
  return expires - clock() > leftMs;
}

async function readToken<Token extends FileToken>(
  place: TokenPlace<Token>,
  access: BearerAccess,
): Promise<KeptToken<Token>> {
  const { content, witness } = await readTokenFile(place.file, access);
  if (content === undefined) throw place.loggedOut();
  if (content === "torn") throw place.loggedOut(`${place.file} is empty or not JSON`);
  return { token: tokenIn(place, content), witness };
}

function tokenIn<Token extends FileToken>(place: TokenPlace<Token>, members: JsonRecord): Token {
  const token = place.read(members);
  if (typeof token === "string") throw place.loggedOut(`${place.file} ${token}`);
  return token;
}

/** While the token is good, a failed call to AWS is no error yet. Meanwhile someone may have logged out, or logged in again. */
async function refreshedOrFound<Token extends FileToken>(
  place: TokenPlace<Token>,
  { token, leftMs }: { readonly token: Token; readonly leftMs: number },
  access: BearerAccess,
): Promise<KeptToken<Token>> {
  const patience = isValidFor(token, 0, access) ? { waitMs: EARLY_WAIT_MS } : {};
  try {
    return await withTokenFileLocked(place.file, { ...access, ...patience }, () =>
      refreshed(place, leftMs, access),
    );
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    throwIfInterrupted(access.signal);
    const now = await readToken(place, access);
    if (!isValidFor(now.token, 0, access)) throw error;
    debug(`${place.name} was not refreshed: ${error.message}`);
    return now;
  }
}

/**
 * Under the lock, so that of all our processes that need it at once only one refreshes, and the others find its result. An
 * interruption only takes effect once the token is kept: AWS may have used up the previous one, and the duration of an exchange
 * is limited.
 */
async function refreshed<Token extends FileToken>(
  place: TokenPlace<Token>,
  leftMs: number,
  access: BearerAccess,
): Promise<KeptToken<Token>> {
  const before = await readToken(place, access);
  const ask = place.refresh(before.token);
  if (ask === undefined || isValidFor(before.token, leftMs, access)) return before;
  throwIfInterrupted(access.signal);
  const prepared = prepareFile(place.file);
  const whole = { ...access, signal: new AbortController().signal };
  try {
    const answer = await ask(whole.signal);
    const kept =
      "given" in answer
        ? await keep(place, { before: before.token, given: answer.given, prepared }, whole)
        : await quickerOne(place, { before: before.token, usedUp: answer.usedUp }, access);
    throwIfInterrupted(access.signal);
    return kept;
  } finally {
    prepared.release();
  }
}

/**
 * Keeps what AWS gave, unless the file by now holds another login, or none: other programs do not use our lock, and what they
 * wrote during the call counts. A token that cannot be kept is lost after this command, and AWS no longer accepts the previous
 * one.
 */
async function keep<Token extends FileToken>(
  place: TokenPlace<Token>,
  {
    before,
    given,
    prepared,
  }: { readonly before: Token; readonly given: JsonRecord; readonly prepared: PreparedFile },
  access: BearerAccess,
): Promise<KeptToken<Token>> {
  for (let left = TRIES - 1; ; left -= 1) {
    const now = await readToken(place, access);
    if (!isSame(now.token, before)) return now;
    const members = { ...now.token.members, ...given };
    // Just written: it cannot be told yet whether someone writes again within the same moment.
    const kept = { token: tokenIn(place, members), witness: undefined };
    try {
      prepared.replace(JSON.stringify(members));
      return kept;
    } catch (error) {
      if (left === 0) {
        const outlook = "This command continues; later ones need a new login.";
        access.warn(
          `AWS refreshed ${place.name}, but the new token could not be stored: ${reasonOf(error)} ${outlook} ${place.hint}`,
        );
        return kept;
      }
    }
    await pause(TRY_PAUSE_MS, systemTimers, access.signal);
  }
}

/**
 * A refresh token can be used once. If ours was already used, another program may have been quicker, and be writing the result.
 */
async function quickerOne<Token extends FileToken>(
  place: TokenPlace<Token>,
  { before, usedUp }: { readonly before: Token; readonly usedUp: VouchError },
  access: BearerAccess,
): Promise<KeptToken<Token>> {
  for (let left = TRIES - 1; ; left -= 1) {
    const now = await readToken(place, access);
    if (!isSame(now.token, before) && isValidFor(now.token, 0, access)) return now;
    if (left === 0) throw usedUp;
    await pause(TRY_PAUSE_MS, systemTimers, access.signal);
  }
}

/** Whether it is the same login, in the same state. All of AWS's tools use these member names. */
function isSame(one: FileToken, other: FileToken): boolean {
  return ["accessToken", "refreshToken"].every((name) =>
    isDeepStrictEqual(one.members[name], other.members[name]),
  );
}
