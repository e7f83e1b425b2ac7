/**
 * Rows that the fault-injection suite breaks in the lab: real kubectl fails there, the doctor names the row from what its
 * probes find, and the printed mend brings kubectl back. All other rows are tested by bundles alone.
 */
export const LIVE_ROWS: ReadonlySet<string> = new Set([]);

/** Rows that two rules name, because it is found in two ways; `explain` shows both. */
export const SHARED_ROWS: ReadonlySet<string> = new Set(["M4", "S8"]);

/** Rows without a rule, and which evidence is lacking. */
export const UNCOVERED_ROWS: Readonly<Record<string, string>> = {};
