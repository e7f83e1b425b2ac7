import { FAULTS } from "./faults.ts";
import { SOURCE_FAULTS } from "./source-faults.ts";

/** Every bundle with one fault; where a row has several, ` (which)` tells them apart. */
export const ALL_FAULTS = [...FAULTS.map((fault) => ({ ...fault, name: "" })), ...SOURCE_FAULTS].map(
  (fault) => ({ ...fault, name: fault.name && ` (${fault.name})` }),
);

/** The cause that stands first: who created the cluster is in no bundle, so that a surer one stands before that row. */
export function firstOf(row: string): string {
  return row === "A14" ? "R1" : row;
}
