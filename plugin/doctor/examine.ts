import { setTimeout as sleep } from "node:timers/promises";
import {
  type CheckOptions,
  check,
  type Examination,
  type GatherOptions,
  gatherEvidence,
} from "../../doctor/doctor.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";

/** How long to wait before asking again, in milliseconds. */
const AGAIN_MS = 2000;

export interface ExamineOptions
  extends CheckOptions,
    Pick<GatherOptions, "host" | "question" | "scope" | "progress"> {
  /** How long to ask again until nothing is wrong, in milliseconds. */
  readonly waitMs: number;
}

/** Says so when it was the person who ended what is going on. */
export async function untilInterrupted<T>(app: App, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (app.signal.aborted) throw new VouchError("interrupted", "Interrupted.");
    throw error;
  }
}

/** Gathers and checks; with time to wait, again until nothing is wrong. */
export async function examine(app: App, options: ExamineOptions): Promise<Examination> {
  const end = app.clock() + options.waitMs;
  for (;;) {
    const evidence = await gatherEvidence({ ...options, now: app.clock(), signal: app.signal });
    const examination = check(evidence, options);
    if (examination.report.healthy || app.clock() + AGAIN_MS > end) return examination;
    options.progress("Waiting, then looking again…");
    await sleep(AGAIN_MS, undefined, { signal: app.signal });
  }
}
