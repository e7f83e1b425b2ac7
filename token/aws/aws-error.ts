import { type ErrorCode, reasonOf, VouchError } from "../errors/errors.ts";
import { ownValue } from "../record.ts";

/** What we asked AWS, for the message: `sts:AssumeRole on arn:…`, and where. */
export interface AwsCall {
  /** `sts:AssumeRoleWithWebIdentity`, `eks:DescribeCluster`, … */
  readonly action: string;
  /** The object of the call: a role, a cluster. */
  readonly subject: string;
  readonly region: string;
  /** The host that was called. */
  readonly host?: string;
  /** Hints by code, for callers that know a command with real values to paste. */
  readonly hints?: Partial<Record<ErrorCode, string>>;
}

/**
 * AWS error codes by what they mean to us.
 * Source: service models of STS, EKS and IAM; doctor/AWS-CREDENTIALS.md, "Words of AWS" and "Clock".
 */
const BY_AWS_CODE: Readonly<Record<string, ErrorCode>> = {
  AccessDenied: "aws-denied",
  AccessDeniedException: "aws-denied",
  UnauthorizedOperation: "aws-denied",
  RegionDisabledException: "aws-denied",
  InvalidIdentityToken: "role-not-trusted",
  InvalidIdentityTokenException: "role-not-trusted",
  IDPRejectedClaim: "role-not-trusted",
  IDPRejectedClaimException: "role-not-trusted",
  IDPCommunicationError: "aws-failed",
  IDPCommunicationErrorException: "aws-failed",
  ExpiredToken: "aws-credentials-refused",
  ExpiredTokenException: "aws-credentials-refused",
  InvalidClientTokenId: "aws-credentials-refused",
  UnrecognizedClientException: "aws-credentials-refused",
  SignatureDoesNotMatch: "aws-credentials-refused",
  InvalidSignatureException: "aws-credentials-refused",
  RequestTimeTooSkewed: "clock-skewed",
  RequestExpired: "clock-skewed",
  PackedPolicyTooLarge: "token-too-long",
  PackedPolicyTooLargeException: "token-too-long",
  Throttling: "aws-throttled",
  ThrottlingException: "aws-throttled",
  TooManyRequestsException: "aws-throttled",
  RequestLimitExceeded: "aws-throttled",
  ResourceNotFoundException: "cluster-not-found",
  ValidationError: "config-invalid",
};

/** Node's error codes for a refused certificate. Source: Node documentation, "X509 certificate error codes". */
const CERTIFICATE_CODE = /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/;

/** Error codes of Node and the SDK that mean there was no answer. */
const NETWORK_CODE =
  /^(?:E(?:CONN|NOTFOUND|AI_AGAIN|HOST|NET|PIPE|PROTO)|ETIMEDOUT|TimeoutError|NetworkingError|ERR_TLS|ERR_SSL|ERR_SOCKET|ERR_HTTP2)/;

/**
 * Turns whatever the AWS SDK threw into a VouchError. The only place where the SDK's errors are translated. AWS's own message is
 * kept, without the parts of our request that it repeats.
 */
export function awsError(error: unknown, call: AwsCall): VouchError {
  if (error instanceof VouchError) {
    // From a proxy on the way.
    return error.code === "server-untrusted"
      ? new VouchError("aws-untrusted", error.message, { cause: error })
      : error;
  }
  const { name, status, nodeCode } = facts(error);
  const reason = shortened(withoutRequest(reasonOf(error)), MAX_REASON) || nodeCode || name;
  const code = vouchCode(error, { name, status, nodeCode, action: call.action });
  const where = `${call.action} on ${call.subject} (${call.host ?? call.region})`;
  const isSilent = code === "aws-unreachable" || code === "aws-untrusted";
  const message = isSilent
    ? `No response to ${where}: ${sentence(reason)}`
    : `AWS rejected ${where}: ${name}: ${sentence(reason)}`;
  const hint = call.hints?.[code];
  const said = UNREADABLE.test(reason) ? `The response to ${where} is not in the format of AWS.` : message;
  return new VouchError(code, said, { cause: error, ...(hint === undefined ? {} : { hint }) });
}

interface ErrorFacts {
  readonly name: string;
  readonly status: number;
  readonly nodeCode: string;
}

function vouchCode(
  error: unknown,
  { name, status, nodeCode, action }: ErrorFacts & { readonly action: string },
): ErrorCode {
  if (CERTIFICATE_CODE.test(nodeCode)) return "aws-untrusted";
  if (NETWORK_CODE.test(nodeCode) || NETWORK_CODE.test(name)) return "aws-unreachable";
  if (/signature (?:expired|not yet current)/i.test(reasonOf(error))) return "clock-skewed";
  const code = ownValue(BY_AWS_CODE, name);
  const isDenied = /^AccessDenied(?:Exception)?$/.test(name);
  if (isDenied && action === "sts:AssumeRoleWithWebIdentity") return "role-not-trusted";
  if (isDenied && action === "sts:AssumeRole") return "role-denied";
  if (code !== undefined) return code;
  return status === 403 ? "aws-denied" : "aws-failed";
}

function facts(error: unknown): ErrorFacts {
  const record = (typeof error === "object" && error !== null ? error : {}) as Record<string, unknown>;
  const metadata = record["$metadata"] as { httpStatusCode?: unknown } | undefined;
  return {
    name: typeof record["name"] === "string" ? shortened(record["name"], MAX_NAME) : "Error",
    status: typeof metadata?.httpStatusCode === "number" ? metadata.httpStatusCode : 0,
    nodeCode: typeof record["code"] === "string" ? record["code"] : "",
  };
}

/** A token that AWS repeats: session tokens and ID tokens are longer than this, names and paths of roles are not. */
const TOKEN_LIKE = /[\w+/=%.~-]{150,}/g;

/**
 * The error for a refused signature contains the canonical request, including the session token; the error for a refused
 * parameter contains its value, which may be the ID token. Source: STS, `SignatureDoesNotMatch` and `ValidationError`.
 */
function withoutRequest(text: string): string {
  const [answer = ""] = text.split("The Canonical String for this request", 1);
  return answer.trimEnd().replaceAll(TOKEN_LIKE, "…");
}

/** The SDK's words about a response that it cannot read, meant for programmers. */
const UNREADABLE = /Deserialization error: to see the raw response/;

/** The longest message and the longest code that are shown, in characters: longer than any of AWS's own. */
const MAX_REASON = 2000;
const MAX_NAME = 100;

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

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
