import { type ErrorCode, VouchError } from "./errors.ts";

/** Hints by error code. */
export type Hints = Partial<Record<ErrorCode, string | undefined>>;

/**
 * Does the work; an error with one of these codes gets the hint of the caller, which knows the real values. `hints` is only
 * called then.
 */
export async function withHints<T>(hints: (error: VouchError) => Hints, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const hint = error instanceof VouchError ? hints(error)[error.code] : undefined;
    if (!(error instanceof VouchError) || hint === undefined) throw error;
    throw new VouchError(error.code, error.message, { cause: error, hint });
  }
}
