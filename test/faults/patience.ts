let factor = 1;

/** Multiplies every limit of time: a machine that is busy with other things is that much slower. */
export function bePatient(times: number): void {
  factor = times;
}

/** So many milliseconds on this machine. */
export function patiently(ms: number): number {
  return ms * factor;
}
