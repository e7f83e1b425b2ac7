import {
  awsConfig,
  healthyProfileBundle,
  LOGIN_FILE,
  LOGIN_SESSION,
  pluginFailed,
  without,
} from "../../support/bundle.ts";
import { unasked } from "../../support/source-faults.ts";
import { testRule } from "../../support/test-rule.ts";

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS"; the prefix is that of AWS CLI 2.3x. */
const OVER = "aws: [ERROR]: Your session has expired. Please reauthenticate using 'aws login'.";

const LOGIN = awsConfig(`[profile dev]\nlogin_session = ${LOGIN_SESSION}\n`);
const GONE = { kind: "login", path: LOGIN_FILE, state: "absent" } as const;
/** On a machine of Windows, and with the end as the SDK for Go writes it. */
const FAULTS = [
  GONE,
  { ...GONE, path: `C:\\Users\\ada\\.aws\\login\\cache\\${LOGIN_FILE.split("/").at(-1)}` },
  { ...GONE, state: "there", expiresAt: "2026-01-15 11:59:00+00:00", refreshable: false },
] as const;
/** Of another session, whose name is no hash of this one. */
const OTHER = { kind: "login", path: "/home/ada/.aws/login/cache/0.json", state: "absent" } as const;

testRule("credentials/aws-login-expired", "L11", {
  certain: {
    "signs in to the profile": {
      on: pluginFailed(OVER, {
        changes: LOGIN,
      }),
      commands: "aws login --profile dev",
    },
    "knows other words for it": [
      "Error loading login session token: Token for arn:aws:iam::111122223333:user/ada does not exist",
      "get credentials: failed to refresh cached credentials, load login token: token file not found, please reauthenticate",
      "error: AWS profile dev (/c, line 2): you are not logged in as arn:aws:iam::111122223333:user/ada. [aws-login-needed]",
    ].map((words) => pluginFailed(words)),
  },
  likely: {
    "sees without running anything that a context of ours has no session": {
      on: FAULTS.map((fault) => unasked(healthyProfileBundle({ ...LOGIN, sourceFiles: [OTHER, fault] }))),
      commands: "aws login --profile dev",
    },
  },
  possible: {
    "the server refuses the token of a session that is gone by now": {
      ...unasked(healthyProfileBundle({ ...LOGIN, sourceFiles: [GONE] })),
      question: { stderr: "error: You must be logged in to the server (Unauthorized)", exitCode: 1 },
    },
    "something that is not known may come before the session": without(
      unasked(healthyProfileBundle({ ...LOGIN, sourceFiles: [GONE] })),
      "environment",
    ),
  },
  unknown: {
    "the session of another profile is gone, or this one lives": {
      on: [[OTHER], [OTHER, { ...GONE, state: "there" as const, expiresAt: "2026-01-15T12:10:00.000Z" }]].map(
        (sourceFiles) => unasked(healthyProfileBundle({ ...LOGIN, sourceFiles })),
      ),
      missing: ["apiServer", "callerIdentity", "pluginRun", "question"],
    },
  },
  passed: {
    "leaves Identity Center alone": pluginFailed("The SSO session associated with this profile has expired"),
  },
});
