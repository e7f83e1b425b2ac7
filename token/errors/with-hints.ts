import { type ErrorCode, VouchError } from "./errors.ts";

/** What to do, by code. */
export type Hints = Partial<Record<ErrorCode, string | undefined>>;

/** Does the work; an error of one of these codes gets the hint of whoever knows the real values, who is asked only then. */
export async function withHints<T>(hints: () => Hints, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const hint = error instanceof VouchError ? hints()[error.code] : undefined;
    if (!(error instanceof VouchError) || hint === undefined) throw error;
    throw new VouchError(error.code, error.message, { cause: error, hint });
  }
}
