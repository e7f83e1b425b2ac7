import assert from "node:assert/strict";
import { awsCredentialsInvalid } from "../../../../doctor/rules/credentials/aws-credentials-invalid.ts";
import { awsExec, confidences, keysRefused, unauthorized, verdicts } from "../../support/credential-case.ts";

const UNKNOWN_KEY =
  "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.";
const WRONG_SECRET =
  "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const USER_KEY = {
  bytes: 900,
  accessKeyId: "AKIAEXAMPLEEXAMPLE12",
  temporary: false,
  region: "eu-west-1",
  problems: [],
};

describe("aws-credentials-invalid", () => {
  it("names the key that AWS does not know", () => {
    assert.deepEqual(verdicts(awsCredentialsInvalid, keysRefused(UNKNOWN_KEY, { token: USER_KEY })), [
      {
        cause: "L6",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: [
          "aws configure --profile dev",
          "aws iam get-access-key-last-used --access-key-id AKIAEXAMPLEEXAMPLE12",
          "aws iam list-access-keys --user-name USER",
        ],
      },
    ]);
  });

  it("finds a secret that does not belong to the key", () => {
    assert.deepEqual(confidences(awsCredentialsInvalid, keysRefused(WRONG_SECRET)), ["L6 certain"]);
  });

  it("sees in the token that a temporary key lacks its session token", () => {
    const token = { ...USER_KEY, accessKeyId: "ASIAEXAMPLEEXAMPLE12" };
    assert.deepEqual(
      verdicts(awsCredentialsInvalid, unauthorized({ token, callerIdentity: { failed: "not asked" } })),
      [
        {
          cause: "L6",
          stage: "credentials",
          severity: "error",
          confidence: "certain",
          commands: ["export AWS_SESSION_TOKEN=SESSION_TOKEN", "aws configure --profile dev"],
        },
      ],
    );
  });

  it("is less sure in an opt-in region, where keys of the wrong kind look the same", () => {
    const token = { ...USER_KEY, accessKeyId: "ASIAEXAMPLEEXAMPLE12", temporary: true, region: "me-south-1" };
    assert.deepEqual(confidences(awsCredentialsInvalid, keysRefused(UNKNOWN_KEY, { token })), ["L6 likely"]);
  });

  it("is less sure while the owner of the key is not known", () => {
    const environment = { failed: "not looked at" };
    assert.deepEqual(confidences(awsCredentialsInvalid, keysRefused(UNKNOWN_KEY, { environment })), [
      "L6 likely",
    ]);
  });

  it("leaves a wrong clock and Cloud9 to their own rules", () => {
    const clock =
      "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: Signature expired: 20260115T110000Z is now earlier than 20260115T114500Z (20260115T120000Z - 15 min.)";
    assert.deepEqual(confidences(awsCredentialsInvalid, keysRefused(clock)), []);
    const cloud9 = {
      environment: { C9_PROJECT: "x", C9_USER: "ada" },
      awsCredentials: { path: "/home/ada/.aws/credentials", text: "[default]\naws_access_key_id = ***\n" },
      ...awsExec({}),
    };
    assert.deepEqual(confidences(awsCredentialsInvalid, keysRefused(UNKNOWN_KEY, cloud9)), []);
  });
});
