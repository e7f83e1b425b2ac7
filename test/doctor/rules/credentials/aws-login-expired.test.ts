import assert from "node:assert/strict";
import { awsLoginExpired } from "../../../../doctor/rules/credentials/aws-login-expired.ts";
import { awsConfig, confidences, pluginFailed, verdicts } from "../../support/credential-case.ts";

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS"; the prefix is that of AWS CLI 2.3x. */
const OVER = "aws: [ERROR]: Your session has expired. Please reauthenticate using 'aws login'.";

describe("aws-login-expired", () => {
  it("signs in to the profile again", () => {
    const changes = awsConfig("[profile dev]\nlogin_session = arn:aws:iam::111122223333:user/ada\n");
    assert.deepEqual(verdicts(awsLoginExpired, pluginFailed(OVER, { changes })), [
      {
        cause: "L11",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: ["aws login --profile dev"],
      },
    ]);
  });

  it("leaves Identity Center alone", () => {
    assert.deepEqual(
      confidences(awsLoginExpired, pluginFailed("The SSO session associated with this profile has expired")),
      [],
    );
  });
});
