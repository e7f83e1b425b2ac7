import assert from "node:assert/strict";
import { awsCredentialsExpired } from "../../../../doctor/rules/credentials/aws-credentials-expired.ts";
import { healthyVouchBundle } from "../../support/bundle.ts";
import {
  awsConfig,
  confidences,
  findingsOf,
  keysRefused,
  pluginFailed,
  verdicts,
} from "../../support/credential-case.ts";

const EXPIRED =
  "An error occurred (ExpiredToken) when calling the GetCallerIdentity operation: The security token included in the request is expired";

describe("aws-credentials-expired", () => {
  it("is certain when AWS says so, though the plugin gives a token", () => {
    const bundle = keysRefused(EXPIRED, {
      environment: {
        AWS_ACCESS_KEY_ID: "ASIAEXAMPLEEXAMPLE12",
        AWS_SECRET_ACCESS_KEY: "***",
        AWS_SESSION_TOKEN: "***",
      },
    });
    assert.deepEqual(verdicts(awsCredentialsExpired, bundle), [
      {
        cause: "L5",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: ["unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"],
      },
    ]);
    assert.equal(
      findingsOf(awsCredentialsExpired, bundle)?.[0]?.evidence[1],
      "The plugin still gave a token: it signs one without asking AWS.",
    );
  });

  it("has a second face: with a role to assume the plugin itself fails (aws-cli#5971)", () => {
    const words =
      "An error occurred (ExpiredToken) when calling the AssumeRole operation: The security token included in the request is expired";
    const changes = awsConfig(
      "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = base\n[profile base]\naws_access_key_id = ***\n",
    );
    assert.deepEqual(verdicts(awsCredentialsExpired, pluginFailed(words, { changes }))?.[0]?.commands, [
      "rm -r /home/ada/.aws/cli/cache",
    ]);
  });

  it("empties our own cache for a context of ours", () => {
    const question = { stderr: "error: You must be logged in to the server (Unauthorized)" };
    const bundle = healthyVouchBundle({
      question,
      callerIdentity: { failed: EXPIRED },
      apiServer: { status: 401 },
    });
    assert.deepEqual(verdicts(awsCredentialsExpired, bundle)?.[0]?.commands, [
      "kubectl vouch cache clear",
      "kubectl vouch login --server https://us.vouch.sh",
    ]);
  });

  it("is a warning when the call did not get that far", () => {
    const question = {
      stderr: "Unable to connect to the server: dial tcp 203.0.113.10:443: i/o timeout",
      exitCode: 1,
    };
    const bundle = keysRefused(EXPIRED, { question, apiServer: { failed: "i/o timeout" } });
    assert.equal(findingsOf(awsCredentialsExpired, bundle)?.[0]?.severity, "warning");
  });

  it("is silent when the server names the user, and when another thing has expired", () => {
    const forbidden =
      'Error from server (Forbidden): pods is forbidden: User "ada" cannot list resource "pods" in API group "" in the namespace "web"';
    assert.deepEqual(
      confidences(awsCredentialsExpired, keysRefused(EXPIRED, { question: { stderr: forbidden } })),
      [],
    );
    for (const words of [
      "An error occurred (ExpiredTokenException) when calling the AssumeRoleWithWebIdentity operation: Token expired: current date/time 1 must be before the expiration date/time 2",
      "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: Signature expired: 20260115T110000Z is now earlier than 20260115T114500Z",
      "The SSO session associated with this profile has expired or is otherwise invalid.",
    ]) {
      assert.deepEqual(confidences(awsCredentialsExpired, keysRefused(words)), []);
    }
  });
});
