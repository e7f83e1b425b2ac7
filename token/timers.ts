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
