import { isDeepStrictEqual } from "node:util";
import { debug } from "../../debug.ts";
import { reasonOf, VouchError } from "../../errors/errors.ts";
import { type PreparedFile, prepareFile } from "../../files/prepared-file.ts";
import { pause, throwIfInterrupted } from "../../interruption.ts";
import { systemTimers } from "../../timers.ts";
import type { JsonRecord } from "../../vouch/json-record.ts";
import type { BearerAccess } from "../bearer-call.ts";
import { readTokenFile, type TokenFile, withTokenFileLocked } from "./token-file.ts";

/** A token of AWS's tools, of whatever kind. Secret as a whole. */
export interface FileToken {
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** All that its file says, also what we know nothing of. */
  readonly members: JsonRecord;
}

/** AWS's answer: the members of the file that change, or why not, where the refresh token has been used already. */
export type Refreshed = { readonly given: JsonRecord } | { readonly usedUp: VouchError };

/** One login, kept in one file. */
export interface TokenPlace<Token extends FileToken> {
  readonly file: string;
  /** What a person calls it: `the session at IAM Identity Center (…)`. */
  readonly name: string;
  /** How to log in again, as a sentence. */
  readonly hint: string;
  /** The token of such a file, else what is wrong with the file: `lacks a date`. */
  readonly read: (members: JsonRecord) => Token | string;
  /** Nobody is logged in; `why` is a sentence without its end. */
  readonly loggedOut: (why?: string) => VouchError;
  /** The token has ended, and there is no other. */
  readonly ended: () => VouchError;
  /** The token has ended, and another is not asked for, as nothing may be written. */
  readonly notRefreshed: () => VouchError;
  /** Asks AWS for another token, once, unless the signal comes. Undefined: it would be in vain. */
  readonly refresh: (token: Token) => ((signal: AbortSignal) => Promise<Refreshed>) | undefined;
}

/** A token as it lies in its file. */
export interface KeptToken<Token> {
  readonly token: Token;
  /** Undefined: in doubt. */
  readonly witness: TokenFile["witness"];
}

/** Whose token is still good waits no longer than that for another process that refreshes it, in milliseconds. */
const EARLY_WAIT_MS = 2000;

/**
 * How often the file is looked at for the token of whoever was quicker, or tried to be written, and how long between, in
 * milliseconds.
 */
const TRIES = 3;
const PAUSE_MS = 200;

/**
 * The token in the file. One that ends within `leftMs` is refreshed; when that fails, or nothing may be written, it is used up.
 * Throws what the place says of a login that is none or over, and what stands in the way of asking.
 */
export async function livingToken<Token extends FileToken>(
  place: TokenPlace<Token>,
  leftMs: number,
  access: BearerAccess,
): Promise<KeptToken<Token>> {
  const found = await readToken(place, access);
  if (lives(found.token, leftMs, access)) return found;
  const isRefreshable = place.refresh(found.token) !== undefined;
  const kept =
    isRefreshable && access.keep
      ? await refreshedOrFound(place, { token: found.token, leftMs }, access)
      : found;
  if (lives(kept.token, 0, access)) return kept;
  throw isRefreshable && !access.keep ? place.notRefreshed() : place.ended();
}

function lives({ expires }: FileToken, leftMs: number, { clock }: Pick<BearerAccess, "clock">): boolean {
  return expires - clock() > leftMs;
}

async function readToken<Token extends FileToken>(
  place: TokenPlace<Token>,
  access: BearerAccess,
): Promise<KeptToken<Token>> {
  const { content, witness } = await readTokenFile(place.file, access);
  if (content === undefined) throw place.loggedOut();
  if (content === "torn") throw place.loggedOut(`${place.file} is empty, or no JSON`);
  return { token: tokenIn(place, content), witness };
}

function tokenIn<Token extends FileToken>(place: TokenPlace<Token>, members: JsonRecord): Token {
  const token = place.read(members);
  if (typeof token === "string") throw place.loggedOut(`${place.file} ${token}`);
  return token;
}

/** While the token is good, AWS's silence is no failure yet. Meanwhile somebody may have logged out, or in anew. */
async function refreshedOrFound<Token extends FileToken>(
  place: TokenPlace<Token>,
  { token, leftMs }: { readonly token: Token; readonly leftMs: number },
  access: BearerAccess,
): Promise<KeptToken<Token>> {
  const patience = lives(token, 0, access) ? { waitMs: EARLY_WAIT_MS } : {};
  try {
    return await withTokenFileLocked(place.file, { ...access, ...patience }, () =>
      refreshed(place, leftMs, access),
    );
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    throwIfInterrupted(access.signal);
    const now = await readToken(place, access);
    if (!lives(now.token, 0, access)) throw error;
    debug(`${place.name} was not refreshed: ${error.message}`);
    return now;
  }
}

/**
 * Under the lock: one refresh for all processes of ours that ask at once, of which the others find what the first one got. Whoever
 * interrupts it is heard when the token is kept: AWS may have used up the one before, and the time of an exchange is bounded.
 */
async function refreshed<Token extends FileToken>(
  place: TokenPlace<Token>,
  leftMs: number,
  access: BearerAccess,
): Promise<KeptToken<Token>> {
  const before = await readToken(place, access);
  const ask = place.refresh(before.token);
  if (ask === undefined || lives(before.token, leftMs, access)) return before;
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
 * Keeps what AWS gave, unless the file holds another login by now, or none: other programs know no lock, and what they wrote
 * while AWS was asked counts. A token that cannot be kept is lost after this command, and AWS knows the one before no more.
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
    // Written this very moment: nobody can tell yet whether somebody writes once more.
    const kept = { token: tokenIn(place, members), witness: undefined };
    try {
      prepared.replace(JSON.stringify(members));
      return kept;
    } catch (error) {
      if (left === 0) {
        const goesOn = "This command goes on; later ones need a new login.";
        access.warn(
          `AWS refreshed ${place.name}, which could not be kept: ${reasonOf(error)} ${goesOn} ${place.hint}`,
        );
        return kept;
      }
    }
    await pause(PAUSE_MS, systemTimers, access.signal);
  }
}

/** A refresh token is good once. When ours is not, another program may have been quicker, and be writing what it got. */
async function quickerOne<Token extends FileToken>(
  place: TokenPlace<Token>,
  { before, usedUp }: { readonly before: Token; readonly usedUp: VouchError },
  access: BearerAccess,
): Promise<KeptToken<Token>> {
  for (let left = TRIES - 1; ; left -= 1) {
    const now = await readToken(place, access);
    if (!isSame(now.token, before) && lives(now.token, 0, access)) return now;
    if (left === 0) throw usedUp;
    await pause(PAUSE_MS, systemTimers, access.signal);
  }
}

/** Whether it is the same login, in the same state. All of AWS's tools call these members so. */
function isSame(one: FileToken, other: FileToken): boolean {
  return ["accessToken", "refreshToken"].every((name) =>
    isDeepStrictEqual(one.members[name], other.members[name]),
  );
}
