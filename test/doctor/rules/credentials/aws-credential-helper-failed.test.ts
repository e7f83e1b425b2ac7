import { awsConfig, pluginFailed } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const VAULT = awsConfig(
  "[profile dev]\ncredential_process = /usr/local/bin/aws-vault export --format=json dev\n",
);

testRule("credentials/aws-credential-helper-failed", "L13", {
  certain: {
    "names the helper, and how it is logged in": {
      // stderr of the AWS CLI 1.45.11 around that of the helper, measured.
      on: pluginFailed("Error when retrieving credentials from custom-process: helper logged out\n", {
        changes: VAULT,
      }),
      summary: "aws-vault, which profile dev runs for credentials, failed.",
      commands: "aws-vault login dev",
      text: "/usr/local/bin/aws-vault export --format=json dev",
    },
    "finds a helper that does not exist": {
      on: pluginFailed("[Errno 2] No such file or directory: '/usr/local/bin/dev-credentials'"),
      summary: "dev-credentials, which profile dev runs for credentials, does not exist.",
    },
    "logs in to Vouch when that is the helper": {
      on: pluginFailed(
        "Error when retrieving credentials from custom-process: Nobody is logged in to https://us.vouch.sh.",
        {
          changes: awsConfig(
            "[profile dev]\ncredential_process = kubectl-vouch credential aws --role arn:aws:iam::111122223333:role/Dev --server https://us.vouch.sh\n",
          ),
        },
      ),
      commands: "kubectl vouch login --server https://us.vouch.sh",
    },
  },
  passed: {
    "another file is not there": pluginFailed("[Errno 2] No such file or directory: '/etc/ssl/ca.pem'"),
  },
});
