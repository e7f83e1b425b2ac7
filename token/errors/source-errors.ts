import type { ErrorSpec } from "./error-spec.ts";
import { EXIT } from "./exit-status.ts";

/** Failures of what gives AWS credentials: keys, roles, processes, token files, containers and machines. */
export const SOURCE_ERRORS = {
  "aws-keys-expired": {
    exit: EXIT.logIn,
    hint: "Fetch new keys with the program that wrote these, then try again.",
  },
  "aws-login-needed": { exit: EXIT.logIn, hint: "Log in: `aws login --profile NAME`." },
  "mfa-code-needed": {
    exit: EXIT.stepUp,
    hint: "Enter the code in a terminal: `kubectl vouch login --profile NAME`.",
  },
  "mfa-code-wrong": {
    exit: EXIT.stepUp,
    hint: "Wait for the next code and enter that one: `kubectl vouch login --profile NAME`.",
  },
  "credential-process-failed": {
    exit: EXIT.general,
    hint: "Run the program of the profile's credential_process yourself: `aws configure get credential_process --profile NAME`.",
  },
  "credential-process-unapproved": {
    exit: EXIT.configuration,
    hint: "Check it, then approve it: `kubectl vouch setup eks --cluster NAME --profile NAME`.",
  },
  "credential-process-refused": {
    exit: EXIT.configuration,
    hint: "Make the program and the file that configures it writable only by you and root (check: `ls -l ~/.aws/config`).",
  },
  "web-identity-token-missing": {
    exit: EXIT.configuration,
    hint: "Check that the file is mounted or written by the program responsible for it: `env | grep WEB_IDENTITY`.",
  },
  "container-address-refused": {
    exit: EXIT.configuration,
    hint: "Set the variables to the values that the container received: `env | cut -d= -f1 | grep AWS_CONTAINER_`.",
  },
  "container-credentials-failed": {
    exit: EXIT.network,
    hint: "Check that the container has a role and that its agent is running: `env | cut -d= -f1 | grep AWS_CONTAINER_`.",
  },
  "instance-metadata-failed": {
    exit: EXIT.network,
    hint: "Check that the machine has a role: `aws ec2 describe-instances --instance-ids ID`.",
  },
} as const satisfies Record<string, ErrorSpec>;
