import assert from "node:assert/strict";
import { awsMfaUnanswered } from "../../../../doctor/rules/credentials/aws-mfa-unanswered.ts";
import { awsConfig, confidences, pluginFailed, verdicts } from "../../support/credential-case.ts";

/** stderr of the AWS CLI 1.45.11 without a terminal, measured. */
const PROMPT =
  "Warning: Password input may be echoed.\nEnter MFA code for arn:aws:iam::111122223333:mfa/ada: ";

const MFA = awsConfig(
  "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = base\nmfa_serial = arn:aws:iam::111122223333:mfa/ada\n[profile base]\naws_access_key_id = ***\n",
);

describe("aws-mfa-unanswered", () => {
  it("gets a session for the profile behind the one that wants a code", () => {
    assert.deepEqual(verdicts(awsMfaUnanswered, pluginFailed(PROMPT, { changes: MFA })), [
      {
        cause: "L9",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: [
          "aws sts get-session-token --profile base --serial-number arn:aws:iam::111122223333:mfa/ada --token-code CODE",
          "aws configure sso --profile dev",
        ],
      },
    ]);
  });

  it("knows STS's words for a wrong code", () => {
    const words =
      "An error occurred (AccessDenied) when calling the AssumeRole operation: MultiFactorAuthentication failed with invalid MFA one time pass code.";
    assert.deepEqual(confidences(awsMfaUnanswered, pluginFailed(words)), ["L9 certain"]);
  });

  it("takes a hanging plugin for it only where the profile has a serial number", () => {
    const pluginRun = { failed: "no answer within 10 s" };
    const { question: _, callerIdentity: __, ...hanging } = pluginFailed("", { changes: { pluginRun } });
    assert.deepEqual(confidences(awsMfaUnanswered, { ...hanging, ...MFA }), ["L9 likely"]);
    assert.deepEqual(confidences(awsMfaUnanswered, hanging), []);
  });

  it("makes nothing of a plugin that had no input and no serial number", () => {
    assert.deepEqual(confidences(awsMfaUnanswered, pluginFailed("EOF when reading a line")), []);
  });
});
