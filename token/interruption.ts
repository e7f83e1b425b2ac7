import { VouchError } from "./errors/errors.ts";
import type { Timers } from "./timers.ts";

/** The error of an interrupted command. */
export function interruption(): VouchError {
  return new VouchError("interrupted", "Interrupted.");
}

export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) {
    throw interruption();
  }
}

/** The result of `promise`, unless the signal comes first. */
export async function unlessInterrupted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(interruption());
  if (signal.aborted) {
    abort();
  }
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([aborted.promise, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Waits; throws `interrupted` as soon as the signal comes. */
export async function pause(ms: number, timers: Timers, signal: AbortSignal): Promise<void> {
  const over = Promise.withResolvers<void>();
  const stop = timers.after(ms, over.resolve);
  try {
    await unlessInterrupted(over.promise, signal);
  } finally {
    stop();
  }
}
