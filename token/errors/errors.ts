import { ERRORS } from "./error-table.ts";

export { EXIT } from "./exit-status.ts";

export type ErrorCode = keyof typeof ERRORS;

/** Whether a word read from a file is one of our codes. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(ERRORS, code);
}

/** What a throw site adds to the entry of the table. */
interface VouchErrorOptions {
  readonly cause?: unknown;
  /** Replaces the table's hint, if the throw site knows the real values of the command to paste. */
  readonly hint?: string;
}

/**
 * A failure we expect and can explain. Anything else that reaches `main` is a bug and is reported as one.
 *
 * The message is one or two sentences that say what happened, with the values; never a secret.
 */
export class VouchError extends Error {
  override readonly name = "VouchError";
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, options: VouchErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? ERRORS[code].hint;
  }

  /** The exit status of the program. */
  get exit(): number {
    return ERRORS[this.code].exit;
  }
}

/** OpenSSL wraps its reason in numbers and file names. Source: openssl/openssl, crypto/err/err.c. */
const OPENSSL = /\berror:[0-9A-F]{8}:[^:]{0,100}:[^:]{0,100}:(?<reason>[^:]+)/;

/** The text of whatever was thrown, in one line; of OpenSSL's errors only the reason. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (OPENSSL.exec(text)?.groups?.["reason"] ?? text).replaceAll(/\s+/g, " ").trim();
}

/** Node's code, such as `ENOENT`; empty for anything else that was thrown. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** The result of the work, or something else if it throws, whatever that is. */
export function unlessThrown<T, U>(work: () => T, otherwise: U): T | U {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

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
