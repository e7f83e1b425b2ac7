import { type ErrorCode, reasonOf, VouchError } from "../errors/errors.ts";
import { ownValue } from "../record.ts";

/** What we asked AWS, for the message: `sts:AssumeRole on arn:…`, and where. */
export interface AwsCall {
  /** `sts:AssumeRoleWithWebIdentity`, `eks:DescribeCluster`, … */
  readonly action: string;
  /** What it was about: a role, a cluster. */
  readonly subject: string;
  readonly region: string;
  /** Host that was asked. */
  readonly host?: string;
  /** Command to paste, by code, where the caller knows one with real values. */
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

/** Codes of Node by which a certificate is refused. Source: Node documentation, "X509 certificate error codes". */
const CERTIFICATE_CODE = /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/;

/** Codes of Node and the SDK by which nobody answered. */
const NETWORK_CODE =
  /^(?:E(?:CONN|NOTFOUND|AI_AGAIN|HOST|NET|PIPE|PROTO)|ETIMEDOUT|TimeoutError|NetworkingError|ERR_TLS|ERR_SSL|ERR_SOCKET|ERR_HTTP2)/;

/**
 * Whatever the AWS SDK threw, as a VouchError. The only place where its errors are translated.
 * AWS's own sentence is kept, without what it repeats of our request.
 */
export function awsError(error: unknown, call: AwsCall): VouchError {
  if (error instanceof VouchError) {
    // Of a proxy on the way.
    return error.code === "server-untrusted"
      ? new VouchError("aws-untrusted", error.message, { cause: error })
      : error;
  }
  const { name, status, nodeCode } = facts(error);
  const reason = shortened(withoutRequest(reasonOf(error)), MAX_REASON) || nodeCode || name;
  const code = vouchCode(error, { name, status, nodeCode, action: call.action });
  const where = `${call.action} on ${call.subject} (${call.host ?? call.region})`;
  const message =
    code === "aws-unreachable" || code === "aws-untrusted"
      ? `No answer to ${where}: ${sentence(reason)}`
      : `AWS refused ${where}: ${name}: ${sentence(reason)}`;
  const hint = call.hints?.[code];
  return new VouchError(code, message, { cause: error, ...(hint === undefined ? {} : { hint }) });
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

/** A token that AWS repeats: session tokens and ID tokens are longer, names and paths of roles are not. */
const TOKEN_LIKE = /[\w+/=%.~-]{150,}/g;

/**
 * A refused signature comes with the canonical request, session token and all; a refused parameter with its value, which
 * may be the ID token. Source: STS, `SignatureDoesNotMatch` and `ValidationError`.
 */
function withoutRequest(text: string): string {
  const [answer = ""] = text.split("The Canonical String for this request", 1);
  return answer.trimEnd().replaceAll(TOKEN_LIKE, "…");
}

/** The longest refusal and the longest code that are shown, in characters: longer than any of AWS's own. */
const MAX_REASON = 2000;
const MAX_NAME = 100;

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
