import { ERRORS } from "../../token/errors/error-table.ts";
import { EXIT, type VouchError } from "../../token/errors/errors.ts";

/** The common exit status of all failures; different ones give that of a general failure. */
export function commonExit(failures: readonly { readonly error: VouchError }[]): number {
  const [first, ...others] = new Set(failures.map(({ error }) => ERRORS[error.code].exit));
  if (first === undefined) return EXIT.ok;
  return others.length === 0 ? first : EXIT.general;
}
