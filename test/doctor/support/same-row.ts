import { findCause } from "../../../doctor/causes/index.ts";

/** Whether a cause is this row, or another view of it. */
export function isSame(cause: string, row: string): boolean {
  const viewsOf = (id: string): readonly string[] => findCause(id)?.sameAs ?? [];
  return cause === row || viewsOf(row).includes(cause) || viewsOf(cause).includes(row);
}
