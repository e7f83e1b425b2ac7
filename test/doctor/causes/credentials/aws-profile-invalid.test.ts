import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import {
  awsConfig,
  awsExec,
  healthyBundle,
  healthyProfileBundle,
  pluginFailed,
  ROLE_ARN,
  without,
} from "../../support/bundle.ts";
import { unasked } from "../../support/source-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const role = (more: string) => awsConfig(`[profile dev]\nrole_arn = ${ROLE_ARN}\n${more}`);
const GONE = role("source_profile = gone\n");
const SAYS_GONE =
  "AWS profile dev (/home/ada/.aws/config, line 3): source_profile is set to gone, but this profile does not exist.";

const STRANGE = { exitCode: 1, stderr: "strange" };

const FILE = "/home/ada/.aws/credentials";
const BASE = role("source_profile = base\n");
/** As doctor/EVIDENCE.md has it collected: without what is secret, and with marks for what is left out. */
const BY_HAND: readonly Partial<DoctorEvidence>[] = [
  { ...BASE, awsCredentials: { path: FILE, text: "[base]\naws_access_key_id = AKIAEXAMPLEEXAMPLE12\n" } },
  {
    ...BASE,
    awsCredentials: {
      path: FILE,
      text: "[base]\naws_access_key_id = AKIAEXAMPLEEXAMPLE12\naws_secret_access_key =\n",
    },
  },
  { ...BASE, awsCredentials: { path: FILE, text: "[base]\n" } },
  { ...BASE, awsCredentials: { path: FILE, text: "[base]\n***\n***\n" } },
  { ...GONE, ...awsConfig(`...\n[profile dev]\nrole_arn = ${ROLE_ARN}\nsource_profile = gone\n`) },
  {
    ...role("credential_source = Environment\n"),
    environment: { HOME: "/home/ada", AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12" },
  },
];

testRule("credentials/aws-profile-invalid", "L17", {
  certain: {
    "says where the AWS CLI's complaint comes from": {
      on: pluginFailed('The source_profile "gone" referenced in the profile "dev" does not exist.', {
        changes: GONE,
      }),
      summary: SAYS_GONE,
      evidence: [/^GetCallerIdentity/, "AWS_PROFILE in the exec block's env is set to dev."],
      commands: "vi +3 /home/ada/.aws/config",
    },
    "knows the words of all its refusals": [
      "Infinite loop in credential configuration detected. Attempting to load from profile a which has already been visited.",
      'The source profile "b" must have credentials.',
      "Partial credentials found in assume-role, missing: source_profile or credential_source",
      'The profile "a" contains both source_profile and credential_source.',
      'The credential source "Nope" referenced in profile "a" is not valid.',
      "No credentials found in credential_source referenced in profile a",
      'The specified sso-session does not exist: "corp"',
      "The value for sso_region is inconsistent between profile (x) and sso-session (y).",
      'The profile "dev" is configured to use SSO but is missing required configuration: sso_role_name',
      "The provided profile or the current environment is configured to assume role with web identity but has no role ARN configured.",
    ].map((words) => pluginFailed(words)),
    "knows those of aws-iam-authenticator": [
      "could not get token: could not create config: failed to find SSO session section, corp",
      'could not create config: sso_region in profile "a" must match sso_region in sso-session',
      `could not create config: failed to load assume role ${ROLE_ARN}, of profile n, failed to get shared config profile, n`,
      "could not create config: only one credential type may be specified per profile: source profile, credential source",
      "1, partial credentials found for profile profile a",
      "could not create config: credential type web_identity_token_file requires role_arn, profile a",
    ].map((words) => pluginFailed(words)),
    "knows our own": [
      `error: ${SAYS_GONE} [profile-missing]`,
      "error: AWS profile b (/c, line 4), which source_profile of profile a names, gives no credentials: it has no access key id. [profile-empty]",
      "error: AWS profile a (/c, line 2): source_profile forms a loop: a > b > a. [profile-invalid]",
      "error: /c cannot be used: line 1: a section is not written as [name]. [aws-config-invalid]",
    ].map((words) => pluginFailed(words, { profile: true })),
    "opens a file whose path has blanks and parentheses, for a profile with a slash": {
      on: pluginFailed('The source_profile "gone" referenced in the profile "dev" does not exist.', {
        changes: {
          ...awsExec({ AWS_PROFILE: "Prod/Admin" }),
          awsConfig: {
            path: "/home/ada/My files (1)/config",
            text: `[profile Prod/Admin]\nrole_arn = ${ROLE_ARN}\nsource_profile = gone\n`,
          },
        },
      }),
      commands: "vi +3 '/home/ada/My files (1)/config'",
    },
    "says which line keeps the AWS CLI from reading the file": {
      on: pluginFailed("Unable to parse config file: /home/ada/.aws/config", {
        changes: awsConfig("[profile dev]\nregion = a\n[profile ops]\nregion = b\n[profile dev]\n"),
      }),
      summary: "The AWS CLI cannot read /home/ada/.aws/config: line 5: [profile dev] appears twice.",
      commands: "vi +5 /home/ada/.aws/config",
    },
    "shows the note that the AWS CLI takes for part of a value": {
      on: pluginFailed(
        "An error occurred (ValidationError) when calling the AssumeRole operation: 1 validation error detected: Value 'my session # note' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
        {
          changes: role(
            "source_profile = base\nrole_session_name = my session # note\n[profile base]\nregion = x\n",
          ),
        },
      ),
      evidence: [
        /^GetCallerIdentity/,
        "AWS_PROFILE in the exec block's env is set to dev.",
        "aws reads the comment after a value as part of the value: role_session_name = my session # note",
      ],
    },
  },
  likely: {
    "names the file that the AWS CLI cannot read where nobody knows why": {
      on: without(pluginFailed("Unable to parse config file: /home/ada/.aws/config"), "awsConfig"),
      summary:
        "aws cannot parse /home/ada/.aws/config: a line is neither [section] nor key = value, or appears twice.",
      commands: "vi /home/ada/.aws/config",
    },
    "sees it in the files when nobody ran the plugin": {
      on: [unasked(healthyBundle(GONE)), unasked(healthyProfileBundle({ ...GONE, sourceFiles: [] }))],
      summary: SAYS_GONE,
    },
  },
  possible: {
    "the server refuses the token of a profile that is broken by now": {
      ...unasked(healthyBundle(GONE)),
      question: { stderr: "error: You must be logged in to the server (Unauthorized)", exitCode: 1 },
    },
  },
  passed: {
    "the plugin works, whatever the files say": healthyBundle({ ...GONE, question: STRANGE }),
    "other words, and files that are whole": pluginFailed("Unable to locate credentials"),
    "a profile that gives nothing is for another rule": pluginFailed(
      "error: AWS profile dev (/c, line 4), which --profile names, gives no credentials: it has no access key id. [profile-empty]",
      { profile: true },
    ),
  },
  notApplicable: {
    "a program that begins with ~ is for the helper's rule": pluginFailed(
      "error: AWS profile dev (/c, line 2): credential_process begins with ~, which no shell expands here. [profile-invalid]",
      { profile: true },
    ),
  },
  unknown: {
    "the plugin works, and nobody asked AWS": {
      on: without(healthyBundle({ ...GONE, question: STRANGE }), "callerIdentity"),
      missing: "callerIdentity",
    },
    "AWS says who it is, and nobody ran the plugin": {
      on: without(healthyBundle({ ...GONE, question: STRANGE }), "pluginRun"),
      missing: "pluginRun",
    },
    "what seems to be wrong may be so only in a bundle made by hand": {
      on: BY_HAND.map((changes) => unasked(healthyBundle(changes))),
      missing: ["apiServer", "callerIdentity", "pluginRun", "question"],
    },
    "the profile's source may stand in the file that is not known, or in the rest of it": {
      on: [
        unasked(healthyBundle({ ...GONE, awsCredentials: { failed: "not looked at" } })),
        unasked(healthyBundle({ ...GONE, excerpts: ["awsCredentials"] })),
      ],
      missing: ["apiServer", "awsCredentials", "callerIdentity", "pluginRun", "question"],
    },
    "the profile's source may be in the environment, which is not known": {
      on: without(unasked(healthyBundle(role("credential_source = Environment\n"))), "environment"),
      missing: ["apiServer", "callerIdentity", "environment", "pluginRun", "question"],
    },
    "half a key in the environment may be so only in the bundle": {
      on: unasked(
        healthyBundle({ environment: { AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12" }, ...awsExec({}) }),
      ),
      missing: ["apiServer", "callerIdentity", "pluginRun", "question"],
    },
    "the program merges what the AWS CLI refuses": {
      on: unasked(
        healthyProfileBundle({
          ...awsConfig("[profile dev]\nregion = eu-west-1\n[profile dev]\ncredential_process = /bin/x\n"),
          sourceFiles: [],
        }),
      ),
      missing: ["apiServer", "callerIdentity", "pluginRun", "question"],
    },
  },
});
