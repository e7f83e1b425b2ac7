import type { AwsServiceName } from "../endpoint.ts";
import { AwsFailure } from "../failure.ts";

type Reason = "missing" | "incomplete" | "signature" | "invalid" | "expired";

/**
 * What each protocol calls a signature it does not take. Query services leave the ending away.
 *
 * Source: AWS API references, "Common errors"; both spellings: aws/aws-sdk-js-v3, retry tables.
 */
const CODES: Readonly<Record<Reason, readonly [query: string, restJson: string]>> = {
  missing: ["MissingAuthenticationToken", "MissingAuthenticationTokenException"],
  incomplete: ["IncompleteSignature", "IncompleteSignatureException"],
  signature: ["SignatureDoesNotMatch", "InvalidSignatureException"],
  invalid: ["InvalidClientTokenId", "UnrecognizedClientException"],
  expired: ["ExpiredToken", "ExpiredTokenException"],
};

const MISMATCH =
  "The request signature we calculated does not match the signature you provided. " +
  "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

/** Refuses signatures as one service does. */
export interface Refusals {
  missing(): AwsFailure;
  incomplete(message: string): AwsFailure;
  signature(message?: string): AwsFailure;
  invalid(): AwsFailure;
  expired(): AwsFailure;
}

export function refusalsOf(service: AwsServiceName): Refusals {
  const refuse = (reason: Reason, message: string) =>
    new AwsFailure(CODES[reason][service === "eks" ? 1 : 0], 403, message);
  return {
    missing: () =>
      refuse(
        "missing",
        service === "eks" ? "Missing Authentication Token" : "Request is missing Authentication Token",
      ),
    incomplete: (message) => refuse("incomplete", message),
    signature: (message = MISMATCH) => refuse("signature", message),
    invalid: () => refuse("invalid", "The security token included in the request is invalid."),
    expired: () => refuse("expired", "The security token included in the request is expired"),
  };
}
