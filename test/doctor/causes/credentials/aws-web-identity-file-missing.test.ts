import {
  awsConfig,
  awsExec,
  healthyBundle,
  healthyProfileBundle,
  pluginFailed,
  ROLE_ARN,
} from "../../support/bundle.ts";
import { unasked } from "../../support/source-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const TOKEN = "/var/run/secrets/token";
const POD = { HOME: "/home/ada", AWS_WEB_IDENTITY_TOKEN_FILE: TOKEN, AWS_ROLE_ARN: ROLE_ARN };
const GONE = { sourceFiles: [{ kind: "web-identity" as const, path: TOKEN, state: "absent" as const }] };
const PROFILE = awsConfig(`[profile dev]\nrole_arn = ${ROLE_ARN}\nweb_identity_token_file = ${TOKEN}\n`);
const WORDS = `[Errno 2] No such file or directory: '${TOKEN}'`;

testRule("credentials/aws-web-identity-file-missing", "L19", {
  certain: {
    "names the variable that names the file": {
      on: pluginFailed(WORDS, { changes: { environment: POD, ...GONE } }),
      summary: `Web identity token file ${TOKEN} (from AWS_WEB_IDENTITY_TOKEN_FILE in the environment) is missing.`,
      commands: [`ls -l ${TOKEN}`, "unset AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_ROLE_SESSION_NAME"],
    },
    "names the profile's file where --profile takes the variable out of play": {
      on: pluginFailed(WORDS, {
        changes: {
          ...awsExec({}, ["--profile", "dev"]),
          ...PROFILE,
          ...GONE,
          environment: { ...POD, AWS_WEB_IDENTITY_TOKEN_FILE: "/run/other" },
        },
      }),
      summary: `Web identity token file ${TOKEN} (from web_identity_token_file in profile dev) is missing.`,
    },
    "knows the words of the SDK for Go": pluginFailed(
      `could not get token: failed to retrieve jwt from provide source, unable to read file at ${TOKEN}: open ${TOKEN}: no such file or directory`,
      { changes: { environment: POD, ...GONE } },
    ),
    "says that the file is empty, not that it is not there": {
      on: pluginFailed(
        `error: The token file ${TOKEN} (AWS profile dev, /home/ada/.aws/config, line 3) is empty. [web-identity-token-missing]`,
        { profile: true, changes: { ...PROFILE, sourceFiles: [] } },
      ),
      summary: `Web identity token file ${TOKEN} (from web_identity_token_file in profile dev) is empty.`,
    },
  },
  possible: {
    "the server refuses the token of a pod whose file is gone by now": {
      ...unasked(healthyBundle({ environment: POD, ...GONE })),
      question: { stderr: "error: You must be logged in to the server (Unauthorized)", exitCode: 1 },
    },
  },
  likely: {
    "sees that the file holds nothing": {
      on: unasked(
        healthyBundle({
          environment: POD,
          sourceFiles: [{ kind: "web-identity", path: TOKEN, state: "unreadable" }],
        }),
      ),
      summary: `Web identity token file ${TOKEN} (from AWS_WEB_IDENTITY_TOKEN_FILE in the environment) is empty.`,
      evidence: [`${TOKEN} does not contain a token, or cannot be read.`, /^Credential source/],
    },
  },
  passed: {
    "another file is not there": pluginFailed("[Errno 2] No such file or directory: '/etc/ssl/ca.pem'", {
      changes: { environment: POD, ...GONE },
    }),
  },
  unknown: {
    "the file is there, or --profile takes the variable out of play": {
      on: [
        unasked(
          healthyBundle({
            environment: POD,
            sourceFiles: [{ kind: "web-identity", path: TOKEN, state: "there" }],
          }),
        ),
        unasked(healthyProfileBundle({ environment: POD })),
        unasked(
          healthyBundle({
            environment: POD,
            sourceFiles: [{ kind: "web-identity", path: "/run/other", state: "absent" }],
          }),
        ),
      ],
      missing: ["apiServer", "callerIdentity", "pluginRun", "question"],
    },
  },
});
