import fs from "node:fs";
import type { Env } from "../env.ts";
import { isErrorCode, VouchError } from "../errors/errors.ts";
import { lossyText } from "../files/plain-file.ts";
import { ensurePrivateDirectory, writeFileAtomically } from "../files/private-file.ts";
import { fnv64 } from "../hot/fnv.ts";
import { BURST_MS } from "../hot/mark.ts";
import { marksFolder } from "../hot/state-files.ts";
import { sweepMarks } from "./marks.ts";

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
