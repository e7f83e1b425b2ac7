import assert from "node:assert/strict";
import { awsCredentialHelperFailed } from "../../../../doctor/rules/credentials/aws-credential-helper-failed.ts";
import {
  awsConfig,
  confidences,
  findingsOf,
  fixesOf,
  pluginFailed,
  verdicts,
} from "../../support/credential-case.ts";

const VAULT = awsConfig(
  "[profile dev]\ncredential_process = /usr/local/bin/aws-vault export --format=json dev\n",
);

describe("aws-credential-helper-failed", () => {
  it("names the helper, and how it is logged in", () => {
    // stderr of the AWS CLI 1.45.11 around that of the helper, measured.
    const bundle = pluginFailed(
      "Error when retrieving credentials from custom-process: helper logged out\n",
      { changes: VAULT },
    );
    assert.deepEqual(verdicts(awsCredentialHelperFailed, bundle), [
      {
        cause: "L13",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: ["aws-vault login dev"],
      },
    ]);
    const [finding] = findingsOf(awsCredentialHelperFailed, bundle) ?? [];
    assert.equal(finding?.summary, "aws-vault, which profile dev runs for credentials, failed.");
    assert.equal(
      fixesOf(awsCredentialHelperFailed, bundle)[0]?.text,
      "/usr/local/bin/aws-vault export --format=json dev",
    );
  });

  it("finds a helper that does not exist", () => {
    const bundle = pluginFailed("[Errno 2] No such file or directory: '/usr/local/bin/dev-credentials'");
    assert.equal(
      findingsOf(awsCredentialHelperFailed, bundle)?.[0]?.summary,
      "dev-credentials, which profile dev runs for credentials, does not exist.",
    );
  });

  it("logs in to Vouch when that is the helper", () => {
    const changes = awsConfig(
      "[profile dev]\ncredential_process = kubectl-vouch credential aws --role arn:aws:iam::111122223333:role/Dev --server https://us.vouch.sh\n",
    );
    const words =
      "Error when retrieving credentials from custom-process: Nobody is logged in to https://us.vouch.sh.";
    assert.deepEqual(verdicts(awsCredentialHelperFailed, pluginFailed(words, { changes }))?.[0]?.commands, [
      "kubectl vouch login --server https://us.vouch.sh",
    ]);
  });

  it("is silent when another file is not there", () => {
    const words = "[Errno 2] No such file or directory: '/etc/ssl/ca.pem'";
    assert.deepEqual(confidences(awsCredentialHelperFailed, pluginFailed(words)), []);
  });
});
