import fs from "node:fs";
import type { Env } from "../env.ts";
import { isErrorCode, VouchError } from "../errors/errors.ts";
import { lossyText } from "../files/plain-file.ts";
import { ensurePrivateDirectory, writeFileAtomically } from "../files/private-file.ts";
import { deleteFile } from "../files/sharing.ts";
import { fnv32, fnv64 } from "../hot/fnv.ts";
import { addMark, BURST_MS, findMark, type Mark } from "../hot/mark.ts";
import { markFile, marksFolder } from "../hot/state-files.ts";
import { nodeHost } from "../node-host.ts";

/** Files of marks that have not been written for this long are removed, in milliseconds. */
const SWEEP_MS = 60_000;

/** How the names of files begin that say what a user has confirmed, and how long such files are kept, in milliseconds. */
const CONFIRMED = "confirmed-";
const SWEEP_CONFIRMED_MS = 24 * 3600_000;

/** Identifies the caller: the key of the question, and the process that ran us. */
interface MarkPlace {
  readonly state: string;
  readonly key: string;
  readonly parentId: number;
}

/** The mark of the current burst, if any. */
export function recallMark({ state, key, parentId }: MarkPlace, now: number): Mark | undefined {
  return findMark(lossyText(markFile(state, fnv32(key))) ?? "", parentId, now);
}

/**
 * Leaves a mark, and removes old ones. If that fails, the call does not: the worst is one more exchange.
 *
 * Our lock excludes other full programs, but not the warm path. So the file is overwritten in place, as there: what others write
 * into it at the same time is not lost with it.
 */
export function leaveMark({ state, key, parentId }: MarkPlace, mark: Mark, now: number): void {
  try {
    ensurePrivateDirectory(state);
    ensurePrivateDirectory(marksFolder(state));
    const file = markFile(state, fnv32(key));
    sweepMarks(state, now, file);
    overwrite(file, addMark(lossyText(file) ?? "", parentId, mark));
  } catch {
    return;
  }
}

/** A file that no one trusts, which the warm path leaves alone, is replaced. */
function overwrite(file: string, text: string): void {
  const { overwriteFile } = nodeHost(process);
  if (overwriteFile(file, text)) return;
  deleteFile(file);
  overwriteFile(file, text);
}

/** Removes marks, and recorded failures, of bursts that are over, but not the file that is about to be written. */
function sweepMarks(state: string, now: number, kept?: string): void {
  for (const name of fs.readdirSync(marksFolder(state))) {
    const file = `${marksFolder(state)}/${name}`;
    const age = now - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now);
    const limit = name.startsWith(CONFIRMED) ? SWEEP_CONFIRMED_MS : SWEEP_MS;
    if (age > limit && file !== kept) fs.rmSync(file, { force: true });
  }
}

/** The process for which a user has confirmed what it does; `start` distinguishes it from a later one of the same number. */
interface ConfirmedProcess extends MarkPlace {
  readonly start: string | undefined;
}

/** Whether it was confirmed. Where the system does not tell when a process started, this counts for one burst. */
export function isConfirmed({ start, ...place }: ConfirmedProcess, now: number): boolean {
  const [kept = "", at = ""] = (lossyText(confirmedFile(place)) ?? "").split("\n");
  const age = now - Number(at);
  return kept === (start ?? "") && age >= 0 && age < (start === undefined ? BURST_MS : SWEEP_CONFIRMED_MS);
}

/** Records it. If that fails, the user is asked again. */
export function leaveConfirmed({ start = "", ...place }: ConfirmedProcess, now: number): void {
  try {
    ensurePrivateDirectory(place.state);
    ensurePrivateDirectory(marksFolder(place.state));
    sweepMarks(place.state, now);
    writeFileAtomically(confirmedFile(place), `${start}\n${now}`);
  } catch {
    return;
  }
}

function confirmedFile({ state, key, parentId }: MarkPlace): string {
  return `${marksFolder(state)}/${CONFIRMED}${fnv64(key)}-${parentId}`;
}

/** What a failed call told the process that ran us, so that the other calls of its burst do not try again. */
interface FailureMark {
  /** Milliseconds since 1970. */
  readonly first: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/**
 * Identifies the caller and the question: the question's key, the process that ran us, and the variables that affect the answer.
 */
export interface FailurePlace {
  readonly state: string;
  readonly key: string;
  readonly parentId: number;
  readonly env: Env;
}

/** Variables that can turn a failure into a success; a user who corrects one and tries again must not get the old failure. */
const RELEVANT =
  /^(?:AWS_|VOUCH_|XDG_|HOME$|HTTPS?_PROXY$|NO_PROXY$|KUBERNETES_EXEC_INFO$|DBUS_SESSION_BUS_ADDRESS$)/i;
const SECRET = /SECRET|TOKEN|KEY|PASS/i;

/** The failure that this process was told a moment ago, or undefined. */
export function findFailure(place: FailurePlace, now: number): VouchError | undefined {
  const text = lossyText(failureFile(place));
  if (text === undefined) return undefined;
  try {
    const { first, code, message, hint } = JSON.parse(text) as Partial<FailureMark>;
    if (typeof first !== "number" || first > now || now - first >= BURST_MS || !isErrorCode(code))
      return undefined;
    return new VouchError(code, String(message), { hint: String(hint) });
  } catch {
    return undefined;
  }
}

/**
 * Records a failure, but without creating a missing home directory. If that fails it is no failure of its own: at worst the same
 * is told twice.
 */
export function leaveFailure(place: FailurePlace, error: VouchError, now: number): void {
  if (isHomeMissing(place)) return;
  try {
    ensurePrivateDirectory(place.state);
    ensurePrivateDirectory(marksFolder(place.state));
    sweepMarks(place.state, now);
    const mark: FailureMark = { first: now, code: error.code, message: error.message, hint: error.hint };
    writeFileAtomically(failureFile(place), JSON.stringify(mark));
  } catch {
    return;
  }
}

function isHomeMissing({ state, env }: FailurePlace): boolean {
  const home = env["HOME"];
  return home !== undefined && state.startsWith(`${home}/`) && !fs.existsSync(home);
}

function failureFile({ state, key, parentId, env }: FailurePlace): string {
  const variables = Object.entries(env).filter(([name]) => RELEVANT.test(name) && !SECRET.test(name));
  const name = fnv64(JSON.stringify([key, variables.sort(([a], [b]) => (a < b ? -1 : 1))]));
  return `${marksFolder(state)}/failed-${name}-${parentId}.json`;
}
