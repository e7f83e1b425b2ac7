import { awsConfig, awsExec, execBlock, pluginFailed, without } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

/** Words of the AWS CLI 1.45.11, measured. */
const NOTHING = 'Unable to locate credentials. You can configure credentials by running "aws configure".';

testRule("credentials/aws-credentials-missing", "L1", {
  certain: {
    "names the profile to use when there is only one": {
      on: pluginFailed(NOTHING, {
        changes: { ...awsExec({}), ...awsConfig("[profile dev]\nsso_session = corp\n") },
      }),
      commands: [
        "kubectl config set-credentials lab --exec-env=AWS_PROFILE=dev",
        "aws configure sso --profile lab",
        "kubectl config set-credentials lab --exec-env=AWS_PROFILE=lab",
      ],
    },
    "signs in to IAM Identity Center with a CLI that can, and stores no keys, where the one here is too old":
      {
        on: pluginFailed(NOTHING, {
          changes: {
            ...awsExec({}),
            ...awsConfig(""),
            execCommand: {
              command: "aws",
              resolved: "/usr/bin/aws",
              version: "aws-cli/1.45.11 Python/3.11.7",
            },
          },
        }),
        description: /^Or, if you do not have such a profile yet, create one with IAM Identity Center/,
        commands: [
          "aws configure sso --profile lab",
          "kubectl config set-credentials lab --exec-env=AWS_PROFILE=lab",
        ],
        text: /^https:.*getting-started-install/,
      },
    "says where it looked": {
      on: pluginFailed(NOTHING, { changes: { ...awsExec({}), ...awsConfig("") } }),
      evidence: [
        /^GetCallerIdentity/,
        "Credential provider chain: no keys in the environment and no credentials in a profile; only the machine's role is left.",
      ],
    },
    "knows the words of other tools": [
      "Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY",
      "could not get token: NoCredentialProviders: no valid providers in chain",
      "failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds",
    ].map((words) => pluginFailed(words)),
  },
  possible: {
    "who knows what a plugin of others, which gave no token, looks for": {
      ...pluginFailed("no", {
        changes: execBlock("apiVersion: client.authentication.k8s.io/v1beta1\ncommand: our-login\n"),
      }),
      callerIdentity: { failed: NOTHING },
    },
  },
  passed: {
    "leaves a missing profile to its own rule": pluginFailed("The config profile (dev) could not be found"),
  },
  notApplicable: {
    "leaves a broken helper to its own rule": pluginFailed(
      "Error when retrieving credentials from custom-process: Unable to locate credentials",
    ),
  },
  unknown: {
    "nobody ran the plugin": {
      on: without(pluginFailed(NOTHING), "pluginRun", "callerIdentity", "token", "question"),
      missing: ["callerIdentity", "pluginRun", "question"],
    },
  },
});
