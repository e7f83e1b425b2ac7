import assert from "node:assert/strict";
import { awsCredentialsMissing } from "../../../../doctor/rules/credentials/aws-credentials-missing.ts";
import {
  awsConfig,
  awsExec,
  confidences,
  findingsOf,
  missingFor,
  pluginFailed,
  verdicts,
} from "../../support/credential-case.ts";

/** Words of the AWS CLI 1.45.11, measured. */
const NOTHING = 'Unable to locate credentials. You can configure credentials by running "aws configure".';

describe("aws-credentials-missing", () => {
  it("names the profile to use when there is only one", () => {
    const bundle = pluginFailed(NOTHING, {
      changes: { ...awsExec({}), ...awsConfig("[profile dev]\nsso_session = corp\n") },
    });
    assert.deepEqual(verdicts(awsCredentialsMissing, bundle), [
      {
        cause: "L1",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: [
          "kubectl config set-credentials lab --exec-env=AWS_PROFILE=dev",
          "aws configure sso --profile PROFILE",
          "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile PROFILE",
        ],
      },
    ]);
  });

  it("says where it looked", () => {
    const bundle = pluginFailed(NOTHING, { changes: { ...awsExec({}), ...awsConfig("") } });
    const [finding] = findingsOf(awsCredentialsMissing, bundle) ?? [];
    assert.equal(
      finding?.evidence[1],
      "Its chain: no keys in the environment and no credentials in a profile: what is left is the machine's own role.",
    );
  });

  for (const words of [
    "Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY",
    "could not get token: NoCredentialProviders: no valid providers in chain",
    "failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds",
  ]) {
    it(`knows the words “${words}”`, () => {
      assert.deepEqual(confidences(awsCredentialsMissing, pluginFailed(words)), ["L1 certain"]);
    });
  }

  it("is only possible when the plugin works now", () => {
    const bundle = pluginFailed(NOTHING, { changes: { pluginRun: { exitCode: 0, stderr: "" } } });
    assert.deepEqual(
      confidences(awsCredentialsMissing, { ...bundle, callerIdentity: { failed: "not asked" } }),
      ["L1 possible"],
    );
  });

  it("leaves a missing profile and a broken helper to their own rules", () => {
    assert.deepEqual(
      confidences(awsCredentialsMissing, pluginFailed("The config profile (dev) could not be found")),
      [],
    );
    const helper = "Error when retrieving credentials from custom-process: Unable to locate credentials";
    assert.deepEqual(confidences(awsCredentialsMissing, pluginFailed(helper)), []);
  });

  it("says nothing when nobody ran the plugin", () => {
    const { pluginRun: _, callerIdentity: __, token: ___, question: ____, ...bundle } = pluginFailed(NOTHING);
    const missing = missingFor(awsCredentialsMissing, bundle);
    assert.deepEqual([...missing].sort(), ["callerIdentity", "pluginRun", "question"]);
  });
});
