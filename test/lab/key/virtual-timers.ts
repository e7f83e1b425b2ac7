import type { Timers } from "../../../token/timers.ts";

interface Entry {
  readonly at: number;
  readonly fire: () => void;
}

/**
 * Time that jumps to the next timer whenever nothing else is left to do, so that half a minute of waiting for a touch
 * takes no time. Good for whatever happens in memory only: it does not wait for disk, network or a person.
 */
export function virtualTimers(): Timers {
  const entries = new Set<Entry>();
  let now = 0;
  let running = false;

  const turn = () => {
    const next = [...entries].sort((a, b) => a.at - b.at)[0];
    if (next === undefined) {
      running = false;
      return;
    }
    entries.delete(next);
    now = next.at;
    setImmediate(turn);
    next.fire();
  };

  return {
    now: () => now,
    after(ms, fire) {
      const entry = { at: now + ms, fire };
      entries.add(entry);
      if (!running) {
        running = true;
        setImmediate(turn);
      }
      return () => entries.delete(entry);
    },
  };
}
