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
    "finds a program that begins with ~, which no shell replaces": {
      on: pluginFailed("[Errno 2] No such file or directory: '~/p'", {
        changes: awsConfig("[profile dev]\ncredential_process = ~/p --flag\n"),
      }),
      summary: "p, which profile dev runs for credentials, does not exist.",
    },
    "knows an answer that is no JSON, or of credentials that ended": [
      "Expecting value: line 1 column 1 (char 0)",
      "Credentials were refreshed, but the refreshed credentials are still expired.",
    ].map((words) => pluginFailed(words)),
    "shows what would be run, for a context of ours that nobody let run it": {
      on: pluginFailed(
        "error: AWS profile dev (/home/ada/.aws/config, line 2): credential_process would run /usr/local/bin/aws-vault, and nobody approved it. [credential-process-unapproved]",
        { profile: true, changes: VAULT },
      ),
      summary: "aws-vault, which profile dev runs for credentials, is not run: nobody approved it.",
      commands: "kubectl vouch setup eks --cluster lab --region eu-west-1 --profile dev",
    },
    "says why a context of ours does not run a program that others may change": {
      on: pluginFailed(
        "error: AWS profile dev (/home/ada/.aws/config, line 2): credential_process is not run: /opt/h.d/x can be written by others. [credential-process-refused]",
        { profile: true, changes: VAULT },
      ),
      summary:
        "aws-vault, which profile dev runs for credentials, is not run: /opt/h.d/x can be written by others.",
      description: /^Let nobody but you and root write/,
    },
    "says that a program failed for a context of ours": {
      on: pluginFailed(
        "error: AWS profile dev (/home/ada/.aws/config, line 2): credential_process ended with 1, and says: not logged in. [credential-process-failed]",
        { profile: true, changes: VAULT },
      ),
      commands: "aws-vault login dev",
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
    "an answer is no JSON, and the profile has no helper": pluginFailed(
      "Expecting value: line 1 column 1 (char 0)",
      { changes: awsConfig("[profile dev]\nregion = eu-west-1\n") },
    ),
  },
});
