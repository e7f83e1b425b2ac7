import assert from "node:assert/strict";
import { type AwsCall, awsError } from "../../../token/aws/aws-error.ts";
import { VouchError } from "../../../token/errors/errors.ts";

const CALL: AwsCall = { action: "eks:DescribeCluster", subject: "lab", region: "eu-west-1" };

/** An error as the SDK throws it for an answer of AWS. */
function sdkError(name: string, message: string, httpStatusCode?: number): Error {
  return Object.assign(new Error(message), {
    name,
    $metadata: httpStatusCode === undefined ? {} : { httpStatusCode },
  });
}

/** An error as Node throws it when there is no answer. */
function nodeError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

describe("awsError", () => {
  it("leaves an error of ours as it is", () => {
    const ours = new VouchError("config-invalid", "x");
    assert.equal(awsError(ours, CALL), ours);
  });

  it("is about AWS's authorities where a proxy on the way is not trusted", () => {
    const { code, message } = awsError(new VouchError("server-untrusted", "The proxy is not."), CALL);
    assert.deepEqual([code, message], ["aws-untrusted", "The proxy is not."]);
  });

  it("says what was asked, where, and what AWS said", () => {
    const cause = sdkError("AccessDeniedException", "User: arn is not authorized", 403);
    const error = awsError(cause, CALL);
    assert.deepEqual(
      { code: error.code, message: error.message, hint: error.hint, cause: error.cause },
      {
        code: "aws-denied",
        message:
          "AWS rejected eks:DescribeCluster on lab (eu-west-1): AccessDeniedException: User: arn is not authorized.",
        hint: "Ask an IAM administrator to allow this action.",
        cause,
      },
    );
  });

  it("says plainly that a response cannot be read", () => {
    const words =
      "Cannot read properties of null\n  Deserialization error: to see the raw response, inspect …";
    const { code, message } = awsError(sdkError("TypeError", words, 200), CALL);
    assert.deepEqual(
      [code, message],
      ["aws-failed", "The response to eks:DescribeCluster on lab (eu-west-1) is not in the format of AWS."],
    );
  });

  it("does not repeat the request that AWS repeats to explain a refused signature", () => {
    const cause = sdkError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided.\n\n" +
        "The Canonical String for this request should have been\n'POST\n/\n\nhost:sts.eu-west-1.amazonaws.com\n" +
        "x-amz-security-token:canary\n'",
      403,
    );
    assert.equal(
      awsError(cause, CALL).message,
      "AWS rejected eks:DescribeCluster on lab (eu-west-1): SignatureDoesNotMatch: " +
        "The request signature we calculated does not match the signature you provided.",
    );
  });

  it("does not repeat more of an answer than a person reads", () => {
    const { message } = awsError(sdkError("No".repeat(1000), "no ".repeat(100_000), 400), CALL);
    assert.ok(message.length < 3000, `${message.length} characters`);
    assert.match(message, /^AWS rejected eks:DescribeCluster on lab \(eu-west-1\): NoNo/);
  });

  it("does not repeat a token that AWS quotes, and keeps the longest name of a role", () => {
    const role = `assumed-role/${"r".repeat(64)}/${"s".repeat(64)}`;
    const cause = sdkError(
      "ValidationError",
      `Value '${"canary".repeat(50)}' at 'webIdentityToken' failed for ${role}`,
    );
    assert.equal(
      awsError(cause, CALL).message,
      `AWS rejected eks:DescribeCluster on lab (eu-west-1): ValidationError: Value '…' at 'webIdentityToken' failed for ${role}.`,
    );
  });

  it("names the host when one is known, and the caller's own command", () => {
    const call = { ...CALL, host: "localhost:4566", hints: { "cluster-not-found": "Run `x`." } };
    const error = awsError(
      sdkError("ResourceNotFoundException", "No cluster found for name: lab.", 404),
      call,
    );
    assert.deepEqual(
      { code: error.code, message: error.message, hint: error.hint },
      {
        code: "cluster-not-found",
        message:
          "AWS rejected eks:DescribeCluster on lab (localhost:4566): " +
          "ResourceNotFoundException: No cluster found for name: lab.",
        hint: "Run `x`.",
      },
    );
  });

  const byCode = {
    UnauthorizedOperation: "aws-denied",
    UnrecognizedClientException: "aws-credentials-refused",
    InvalidSignatureException: "aws-credentials-refused",
    InvalidIdentityTokenException: "role-not-trusted",
    IDPCommunicationErrorException: "aws-failed",
    ThrottlingException: "aws-throttled",
    TooManyRequestsException: "aws-throttled",
    RequestLimitExceeded: "aws-throttled",
    RequestTimeTooSkewed: "clock-skewed",
    PackedPolicyTooLargeException: "token-too-long",
    SomethingNew: "aws-failed",
    toString: "aws-failed",
  };
  for (const [name, code] of Object.entries(byCode)) {
    it(`is ${code} for ${name}`, () => {
      assert.equal(awsError(sdkError(name, "x", 400), CALL).code, code);
    });
  }

  it("is aws-denied for a 403 that nobody knows", () => {
    assert.equal(awsError(sdkError("SomethingNew", "x", 403), CALL).code, "aws-denied");
  });

  it("tells a role that does not trust from one that may not be assumed", () => {
    const denial = sdkError("AccessDenied", "x", 403);
    assert.equal(
      awsError(denial, { ...CALL, action: "sts:AssumeRoleWithWebIdentity" }).code,
      "role-not-trusted",
    );
    assert.equal(awsError(denial, { ...CALL, action: "sts:AssumeRole" }).code, "role-denied");
    assert.equal(awsError(denial, { ...CALL, action: "sts:GetCallerIdentity" }).code, "aws-denied");
  });

  // Source: Node documentation, "X509 certificate error codes" and `ERR_TLS_CERT_ALTNAME_INVALID`.
  for (const code of [
    "CERT_HAS_EXPIRED",
    "CERT_NOT_YET_VALID",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "HOSTNAME_MISMATCH",
  ]) {
    it(`does not trust a server for ${code}`, () => {
      const error = awsError(nodeError(code, "no good certificate"), CALL);
      assert.equal(error.code, "aws-untrusted");
      assert.equal(
        error.message,
        "No response to eks:DescribeCluster on lab (eu-west-1): no good certificate.",
      );
    });
  }

  for (const code of [
    "ECONNREFUSED",
    "ECONNRESET",
    "ENOTFOUND",
    "EAI_AGAIN",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "EPIPE",
    "EPROTO",
    "ETIMEDOUT",
    "ERR_SSL_WRONG_VERSION_NUMBER",
    "ERR_SOCKET_CONNECTION_TIMEOUT",
  ]) {
    it(`had no answer for ${code}`, () => {
      assert.equal(awsError(nodeError(code, "x"), CALL).code, "aws-unreachable");
    });
  }

  it("had no answer when the SDK says that it took too long", () => {
    assert.equal(awsError(sdkError("TimeoutError", "x"), CALL).code, "aws-unreachable");
  });

  it("gives the code where an error has no text, as when no address of a name answers", () => {
    const aggregate = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
    assert.equal(
      awsError(aggregate, CALL).message,
      "No response to eks:DescribeCluster on lab (eu-west-1): ECONNREFUSED.",
    );
  });

  for (const thrown of ["text", null, undefined, 7]) {
    it(`copes with ${JSON.stringify(thrown) ?? "undefined"} being thrown`, () => {
      const { code, message } = awsError(thrown, CALL);
      assert.deepEqual(
        { code, message },
        {
          code: "aws-failed",
          message: `AWS rejected eks:DescribeCluster on lab (eu-west-1): Error: ${thrown}.`,
        },
      );
    });
  }
});
