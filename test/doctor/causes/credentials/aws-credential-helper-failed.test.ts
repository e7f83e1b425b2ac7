import { awsConfig, execBlock, PROFILE_EXEC, pluginFailed, ROLE_ARN, without } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const VAULT = awsConfig(
  "[profile dev]\ncredential_process = /usr/local/bin/aws-vault export --format=json dev\n",
);

const HUB = ROLE_ARN.replace("Dev", "Hub");

/** A context of ours by a profile whose source runs a program, which nobody approved. */
function unapproved(source: string, environment: Readonly<Record<string, string>> = {}) {
  const { text } = VAULT.awsConfig as { readonly text: string };
  const chained = `[profile ops]\nrole_arn = ${HUB}\nsource_profile = dev\n`;
  return pluginFailed(
    "error: AWS profile dev (/home/ada/.aws/config, line 2): credential_process would run /usr/local/bin/aws-vault, and nobody approved it. [credential-process-unapproved]",
    {
      profile: true,
      changes: {
        ...execBlock(PROFILE_EXEC.replace("--profile, dev", source)),
        ...awsConfig(text + chained),
        environment: { HOME: "/home/ada", ...environment },
      },
    },
  );
}

testRule("credentials/aws-credential-helper-failed", "L13", {
  certain: {
    "names the helper, and how it is logged in": {
      // stderr of the AWS CLI 1.45.11 around that of the helper, measured.
      on: pluginFailed("Error when retrieving credentials from custom-process: helper logged out\n", {
        changes: VAULT,
      }),
      summary: "aws-vault, the credential helper of profile dev, failed.",
      commands: ["aws-vault login dev", "vi +2 /home/ada/.aws/config"],
    },
    "finds a helper that does not exist": {
      on: pluginFailed("[Errno 2] No such file or directory: '/usr/local/bin/dev-credentials'"),
      summary: "dev-credentials, the credential helper of profile dev, does not exist.",
      description: /^Install the program/,
    },
    "finds a program that begins with ~, which no shell replaces": {
      on: pluginFailed("[Errno 2] No such file or directory: '~/p'", {
        changes: awsConfig("[profile dev]\ncredential_process = ~/p --flag\n"),
      }),
      summary: "p, the credential helper of profile dev, does not exist.",
      description: /^Use the program's absolute path/,
      commands: "vi +2 /home/ada/.aws/config",
    },
    "knows an answer that is no JSON, or of credentials that ended": [
      "Expecting value: line 1 column 1 (char 0)",
      "Credentials were refreshed, but the refreshed credentials are still expired.",
    ].map((words) => pluginFailed(words)),
    "sets the context up as it is: by its own profile, for its roles": {
      on: unapproved(`--profile, ops, --role, "${ROLE_ARN}", --via, "${HUB}"`),
      summary: "aws-vault, the credential helper of profile dev, was not run: nobody approved it.",
      commands: `kubectl vouch setup eks --cluster lab --region eu-west-1 --role ${ROLE_ARN} --via ${HUB} --profile ops`,
    },
    "sets the context up as it is: by the caller's own credentials": {
      on: unapproved(`--ambient, --role, "${ROLE_ARN}"`, { AWS_PROFILE: "ops" }),
      commands: `kubectl vouch setup eks --cluster lab --region eu-west-1 --role ${ROLE_ARN} --ambient`,
    },
    "says why a context of ours does not run a program that others may change": {
      on: pluginFailed(
        "error: AWS profile dev (/home/ada/.aws/config, line 2): credential_process is not run: /opt/h.d/x can be written by others. [credential-process-refused]",
        { profile: true, changes: VAULT },
      ),
      summary:
        "aws-vault, the credential helper of profile dev, was not run: /opt/h.d/x can be written by others.",
      description: /^Make the program, its directory, and the file that configures it writable only by you/,
    },
    "opens the file that names a program which a context of ours does not find": {
      on: [
        "/usr/local/bin/aws-vault is not there",
        "its program aws-vault is not on PATH",
        "its program ./aws-vault depends on the current folder: give its absolute path",
        "/usr/local/bin/aws-vault cannot be checked: a folder on the way lets nobody through",
      ].map((why) =>
        pluginFailed(
          `error: AWS profile dev (/home/ada/.aws/config, line 2): credential_process is not run: ${why}. [credential-process-refused]`,
          { profile: true, changes: VAULT },
        ),
      ),
      description: "Install the program, or correct the line that configures it.",
      commands: "vi +2 /home/ada/.aws/config",
    },
    "says that a program failed for a context of ours": {
      on: pluginFailed(
        "error: AWS profile dev (/home/ada/.aws/config, line 2): credential_process ended with 1, and says: not logged in. [credential-process-failed]",
        { profile: true, changes: VAULT },
      ),
      commands: ["aws-vault login dev", "vi +2 /home/ada/.aws/config"],
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
    "never prints a program of somebody else's to be run": {
      on: pluginFailed("Error when retrieving credentials from custom-process: no\n", {
        changes: awsConfig("[profile dev]\ncredential_process = /tmp/of-others --all\n"),
      }),
      commands: "vi +2 /home/ada/.aws/config",
      description: /^Check which program the file configures/,
    },
  },
  likely: {
    "asks whose profile it is where no entry is known": {
      on: without(unapproved("--profile, ops"), "kubeconfig", "awsConfig"),
      commands: "kubectl vouch setup eks --cluster lab --region eu-west-1 --profile PROFILE",
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
