import assert from "node:assert/strict";
import { awsCloud9Credentials } from "../../../../doctor/rules/credentials/aws-cloud9-credentials.ts";
import { awsCredentialsExpired } from "../../../../doctor/rules/credentials/aws-credentials-expired.ts";
import { awsExec, confidences, keysRefused, unauthorized, verdicts } from "../../support/credential-case.ts";

const INVALID =
  "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.";
const CLOUD9 = {
  environment: { C9_PROJECT: "lab", C9_USER: "ada" },
  awsCredentials: { path: "/home/ada/.aws/credentials", text: "[default]\naws_access_key_id = ***\n" },
  ...awsExec({}),
};
const STRANGER = {
  UserId: "AROAOTHER:s",
  Account: "111122223333",
  Arn: "arn:aws:sts::111122223333:assumed-role/AWSCloud9/s",
};

describe("aws-cloud9-credentials", () => {
  it("is likely when AWS refuses what Cloud9 wrote", () => {
    assert.deepEqual(verdicts(awsCloud9Credentials, keysRefused(INVALID, CLOUD9)), [
      {
        cause: "L15",
        stage: "credentials",
        severity: "error",
        confidence: "likely",
        commands: [
          "aws cloud9 update-environment --environment-id ENVIRONMENT --managed-credentials-action DISABLE",
          "aws sts get-caller-identity",
        ],
      },
    ]);
  });

  it("is possible when the cluster maps nobody of that name", () => {
    const bundle = unauthorized({ ...CLOUD9, callerIdentity: STRANGER });
    assert.deepEqual(confidences(awsCloud9Credentials, bundle), ["L15 possible"]);
  });

  it("is silent without Cloud9's variables, and for a profile of one's own", () => {
    assert.deepEqual(
      confidences(awsCloud9Credentials, keysRefused(INVALID, { ...CLOUD9, environment: {} })),
      [],
    );
    assert.deepEqual(
      confidences(awsCloud9Credentials, keysRefused(INVALID, { environment: CLOUD9.environment })),
      [],
    );
  });

  it("is the cause also of keys that have expired", () => {
    const expired =
      "An error occurred (ExpiredToken) when calling the GetCallerIdentity operation: The security token included in the request is expired";
    assert.deepEqual(confidences(awsCloud9Credentials, keysRefused(expired, CLOUD9)), ["L15 likely"]);
    assert.deepEqual(confidences(awsCredentialsExpired, keysRefused(expired, CLOUD9)), []);
  });
});
