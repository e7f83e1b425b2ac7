import { type ErrorCode, VouchError } from "../errors/errors.ts";

/** AWS's own codes for network errors, since the hints for a Vouch server do not help with AWS. */
const AWS_CODES: Partial<Record<ErrorCode, ErrorCode>> = {
  "server-unreachable": "aws-unreachable",
  "server-untrusted": "aws-untrusted",
  "server-answer-invalid": "aws-failed",
};

/** Turns an error on the way to any server into the one for AWS. */
export function awsNetworkError(error: unknown): unknown {
  const code = error instanceof VouchError ? AWS_CODES[error.code] : undefined;
  return error instanceof VouchError && code !== undefined
    ? new VouchError(code, error.message, { cause: error })
    : error;
}
