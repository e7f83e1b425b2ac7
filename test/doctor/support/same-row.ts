import { findRow } from "../../../doctor/catalogue/rows.ts";

/** Whether a cause is this row, or another view of it. */
export function isSame(cause: string, row: string): boolean {
  return (
    cause === row ||
    findRow(row)?.sameAs?.includes(cause) === true ||
    findRow(cause)?.sameAs?.includes(row) === true
  );
}
