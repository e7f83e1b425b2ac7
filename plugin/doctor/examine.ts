import { setTimeout as sleep } from "node:timers/promises";
import {
  type CheckOptions,
  check,
  type Examination,
  type GatherOptions,
  gatherEvidence,
  type Question,
} from "../../doctor/doctor.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";

/** How long to wait before asking again, in milliseconds. */
const AGAIN_MS = 2000;

export interface ExamineOptions
  extends CheckOptions,
    Pick<GatherOptions, "host" | "question" | "scope" | "totalMs" | "progress"> {
  /** How long to keep checking until nothing is wrong, in milliseconds. */
  readonly waitMs: number;
  /** Asks again, for a question that depends on a command; undefined: it stays as it is. */
  readonly askAgain?: ((signal: AbortSignal) => Promise<Question>) | undefined;
}

/** Throws `interrupted` instead of the work's error if the user interrupted it. */
export async function untilInterrupted<T>(app: App, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (app.signal.aborted) throw new VouchError("interrupted", "Interrupted.");
    throw error;
  }
}

/** The longest delay of a timer, in milliseconds: 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Gathers and checks; with time to wait, repeats until nothing is wrong. A repetition that does not end in that time is
 * abandoned, and the result of the one before counts.
 */
export async function examine(app: App, options: ExamineOptions): Promise<Examination> {
  const end = app.clock() + options.waitMs;
  const look = async (signal: AbortSignal, question: Question) =>
    check(await gatherEvidence({ ...options, question, now: app.clock(), signal }), options);
  let examination = await look(app.signal, options.question);
  while (!examination.report.healthy && app.clock() + AGAIN_MS <= end) {
    options.progress("Waiting, then looking again…");
    await sleep(AGAIN_MS, undefined, { signal: app.signal });
    const inTime = AbortSignal.timeout(Math.min(LONGEST_MS, Math.max(1, end - app.clock())));
    try {
      const signal = AbortSignal.any([app.signal, inTime]);
      examination = await look(signal, (await options.askAgain?.(signal)) ?? options.question);
    } catch (error) {
      if (!inTime.aborted || app.signal.aborted) throw error;
      break;
    }
  }
  return examination;
}
