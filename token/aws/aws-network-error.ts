import { type ErrorCode, VouchError } from "../errors/errors.ts";

/** The hints for a Vouch server do not help with AWS. */
const AWS_CODES: Partial<Record<ErrorCode, ErrorCode>> = {
  "server-unreachable": "aws-unreachable",
  "server-untrusted": "aws-untrusted",
  "server-answer-invalid": "aws-failed",
};

/** What went wrong on the way to AWS, out of what goes wrong on the way to any server. */
export function awsNetworkError(error: unknown): unknown {
  const code = error instanceof VouchError ? AWS_CODES[error.code] : undefined;
  return error instanceof VouchError && code !== undefined
    ? new VouchError(code, error.message, { cause: error })
    : error;
}
