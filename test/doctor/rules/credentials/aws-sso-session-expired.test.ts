import assert from "node:assert/strict";
import { awsSsoSessionExpired } from "../../../../doctor/rules/credentials/aws-sso-session-expired.ts";
import {
  awsConfig,
  confidences,
  keysRefused,
  pluginFailed,
  verdicts,
} from "../../support/credential-case.ts";

/** Words of botocore, exceptions.py (UnauthorizedSSOTokenError). */
const OVER =
  "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run aws sso login with the corresponding profile.";

const SSO =
  "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = corp\n[profile corp]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n";

describe("aws-sso-session-expired", () => {
  it("signs in to the profile that has the session, at the end of the chain", () => {
    assert.deepEqual(verdicts(awsSsoSessionExpired, pluginFailed(OVER, { changes: awsConfig(SSO) })), [
      {
        cause: "L2",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: ["aws sso login --profile corp"],
      },
    ]);
  });

  for (const words of [
    "Error loading SSO Token: Token for corp does not exist",
    "Error when retrieving token from sso: Token has expired and refresh failed",
    "operation error STS: the SSO session has expired or is invalid",
  ]) {
    it(`knows the words “${words}”`, () => {
      assert.deepEqual(confidences(awsSsoSessionExpired, pluginFailed(words)), ["L2 certain"]);
    });
  }

  it("sees it in GetCallerIdentity alone too", () => {
    assert.deepEqual(confidences(awsSsoSessionExpired, keysRefused(OVER)), ["L2 certain"]);
  });

  it("leaves `aws login` and expired keys alone", () => {
    const words = [
      "Your session has expired. Please reauthenticate using 'aws login'.",
      "(ExpiredToken) when calling the AssumeRole operation: The security token included in the request is expired",
    ];
    for (const text of words) assert.deepEqual(confidences(awsSsoSessionExpired, pluginFailed(text)), []);
  });
});
