/** A clock that tests can move. Runs with the machine's clock, plus an offset. */
export interface LabClock {
  /** Milliseconds since 1970, as every server of the lab sees it. */
  (): number;
  /** Moves the lab's time; negative moves it back. */
  advance(ms: number): void;
}

/** Starts at the machine's time, or stands still at `frozenAt` (epoch ms) until it is moved. */
export function labClock(frozenAt?: number): LabClock {
  let offset = 0;
  const clock = () => (frozenAt ?? Date.now()) + offset;
  return Object.assign(clock, {
    advance(ms: number) {
      offset += ms;
    },
  });
}
