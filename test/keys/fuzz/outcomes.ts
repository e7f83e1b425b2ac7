import assert from "node:assert/strict";
import { VouchError } from "../../../token/errors/errors.ts";
import { CtapStatusError } from "../../../token/fido2/ctap/status.ts";
import type { Timers } from "../../../token/timers.ts";

/** What came out of the cases of one target, by kind: "value", "status", or the code of a VouchError. */
export type Outcomes = Map<string, number>;

export function count(outcomes: Outcomes, kind: string): void {
  outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
}

/**
 * How a promise ends: a value, or one of the two errors that may leave the folder. Fails for any other error, and when
 * it does not end within the time; that is virtual, so that it is over as soon as nothing else is left to happen.
 */
export async function outcomeOf(
  promise: Promise<unknown>,
  { timers, limitMs }: { readonly timers: Timers; readonly limitMs: number },
): Promise<string> {
  const late = Promise.withResolvers<never>();
  const stop = timers.after(limitMs, () => late.reject(new Error(`no end within ${limitMs} ms`)));
  try {
    await Promise.race([promise, late.promise]);
    return "value";
  } catch (error) {
    return expected(error);
  } finally {
    stop();
  }
}

/** The kind of an expected error; any other is thrown on. */
export function expected(error: unknown): string {
  if (error instanceof CtapStatusError) return "status";
  if (error instanceof VouchError) return error.code;
  throw error;
}

/** Notes what is thrown where nobody waits for it, and what a library warns of on its own, until it is asked. */
export function watchOutside(): { readonly end: () => void } {
  const thrown: unknown[] = [];
  const note = (error: unknown) => thrown.push(error);
  const { warn } = console;
  console.warn = note;
  process.on("unhandledRejection", note);
  process.on("uncaughtExceptionMonitor", note);
  return {
    end() {
      console.warn = warn;
      process.off("unhandledRejection", note);
      process.off("uncaughtExceptionMonitor", note);
      assert.deepEqual(thrown, [], "outside any promise");
    },
  };
}
