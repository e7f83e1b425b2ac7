import {
  awsConfig,
  awsExec,
  healthyVouchBundle,
  keysRefused,
  NAMES_ADA,
  pluginFailed,
  unauthorized,
} from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const EXPIRED =
  "An error occurred (ExpiredToken) when calling the GetCallerIdentity operation: The security token included in the request is expired";

testRule("credentials/aws-credentials-expired", "L5", {
  certain: {
    "AWS says so, though the plugin gives a token": {
      on: keysRefused(EXPIRED, {
        environment: {
          AWS_ACCESS_KEY_ID: "ASIAEXAMPLEEXAMPLE12",
          AWS_SECRET_ACCESS_KEY: "***",
          AWS_SESSION_TOKEN: "***",
        },
      }),
      evidence: [
        /^GetCallerIdentity/,
        "The plugin still issued a token: it signs tokens without contacting AWS.",
        "The token is signed with key ASIAEXAMPLEEXAMPLE12.",
      ],
      commands: "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN",
    },
    "we say so of a profile's keys": pluginFailed(
      "error: The keys ASIAEXAMPLEEXAMPLE12 (AWS profile dev, /home/ada/.aws/credentials, line 2) ended at 12:00. [aws-keys-expired]",
      { profile: true },
    ),
    "empties our own cache for a context of ours": {
      on: healthyVouchBundle({
        question: { stderr: "error: You must be logged in to the server (Unauthorized)" },
        callerIdentity: { failed: EXPIRED },
        apiServer: { status: 401 },
      }),
      commands: ["kubectl vouch cache clear", "kubectl vouch login --server https://us.vouch.sh"],
    },
  },
  likely: {
    "the end that stands beside the keys is past": {
      on: unauthorized({
        callerIdentity: { failed: "no answer within 10 s" },
        ...awsConfig("[profile dev]\nregion = eu-west-1\n"),
        awsCredentials: {
          path: "/home/ada/.aws/credentials",
          text: "[dev]\naws_access_key_id = ASIAEXAMPLEEXAMPLE12\naws_secret_access_key = ***\naws_session_token = ***\nx_security_token_expires = 2026-01-15T11:00:00Z\n",
        },
      }),
      evidence: [
        "The keys are recorded as valid until 2026-01-15T11:00:00Z.",
        "The token is signed with key ASIAEXAMPLEEXAMPLE12.",
      ],
    },
    "the keys at the end of a chain of roles are past theirs": {
      on: unauthorized({
        callerIdentity: { failed: "no answer within 10 s" },
        ...awsConfig(
          "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = hub\n[profile hub]\nrole_arn = arn:aws:iam::111122223333:role/Hub\nsource_profile = base\n",
        ),
        awsCredentials: {
          path: "/home/ada/.aws/credentials",
          text: "[base]\naws_access_key_id = ASIAEXAMPLEEXAMPLE12\naws_secret_access_key = ***\naws_session_token = ***\nx_security_token_expires = 2026-01-15T11:00:00Z\n",
        },
      }),
      commands: "rm -r /home/ada/.aws/cli/cache",
    },
  },
  passed: {
    "AWS gives an identity for the keys all the same": unauthorized({
      environment: {
        AWS_ACCESS_KEY_ID: "ASIAEXAMPLEEXAMPLE12",
        AWS_SECRET_ACCESS_KEY: "***",
        AWS_SESSION_TOKEN: "***",
        AWS_CREDENTIAL_EXPIRATION: "2026-01-15T11:00:00Z",
      },
    }),
  },
  notApplicable: {
    "the server names the user": keysRefused(EXPIRED, { question: NAMES_ADA }),
    "Cloud9 wrote the keys, to their own rule": keysRefused(EXPIRED, {
      environment: { C9_PROJECT: "lab", C9_USER: "ada" },
      awsCredentials: { path: "/home/ada/.aws/credentials", text: "[default]\naws_access_key_id = ***\n" },
      ...awsExec({}),
    }),
  },
  unknown: {
    "the keys are a user's, whose end is left from a session": {
      on: unauthorized({
        callerIdentity: { failed: "no answer within 10 s" },
        environment: {
          AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12",
          AWS_SECRET_ACCESS_KEY: "***",
          AWS_CREDENTIAL_EXPIRATION: "2026-01-15T11:00:00Z",
        },
      }),
      missing: "callerIdentity",
    },
  },
});
