import { VouchError } from "./errors/errors.ts";

/** Tells the time, in milliseconds since 1970 (what `Date.now` gives). Passed in, so that tests can move it. */
export type Clock = () => number;

/** Elapsed time, whatever the clock says. Passed in, so that tests run without waiting. */
export interface Timers {
  /** Milliseconds since any fixed moment; it never goes back, whatever happens to the wall clock. */
  readonly now: () => number;
  /** Calls `fire` once after `ms` milliseconds, unless the returned function is called first. */
  readonly after: (ms: number, fire: () => void) => () => void;
}

/** The timers of the machine. */
export const systemTimers: Timers = {
  now: () => performance.now(),
  after(ms, fire) {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
};

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

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** What is used of Node's `process`; where a browser has something of that name, it lacks these. */
interface SignalSource {
  listenerCount(name: string): number;
  listeners(name: string): ((...given: unknown[]) => void)[];
  removeAllListeners(name: string): void;
  on(name: string, listener: (...given: unknown[]) => void): void;
}

/**
 * Runs long synchronous work, during which no handler of ours could run: a signal ends the process at once instead. Not if
 * something is to be cleaned up at the exit, such as a lock; then the signal is heard after the work.
 */
export function endedBySignals<T>(work: () => T): T {
  const { process } = globalThis as unknown as { readonly process?: SignalSource };
  if (process === undefined || !("listenerCount" in process)) return work();
  if (process.listenerCount("exit") > 0) return work();
  const handlers = SIGNALS.map((signal) => [signal, process.listeners(signal)] as const);
  for (const [signal] of handlers) process.removeAllListeners(signal);
  try {
    return work();
  } finally {
    for (const [signal, listeners] of handlers)
      for (const listener of listeners) process.on(signal, listener);
  }
}
