import {
  awsConfig,
  healthyBundle,
  healthyProfileBundle,
  pluginFailed,
  SSO_CONFIG,
  SSO_FILE,
} from "../../support/bundle.ts";
import { unasked } from "../../support/source-faults.ts";
import { testRule } from "../../support/test-rule.ts";

/** Words of botocore, exceptions.py (UnauthorizedSSOTokenError). */
const OVER =
  "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run aws sso login with the corresponding profile.";
const SSO =
  "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = corp\n[profile corp]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n";

const FILE = { kind: "sso", path: SSO_FILE } as const;
const PAST = { expiresAt: "2026-01-15T11:00:00.000Z" };
const GONE = { sourceFiles: [{ ...FILE, state: "absent" as const }] };
const ENDED = { sourceFiles: [{ ...FILE, state: "there" as const, ...PAST, refreshable: false }] };

testRule("credentials/aws-sso-session-expired", "L2", {
  certain: {
    "signs in to the profile that has the session, at the end of the chain": {
      on: pluginFailed(OVER, { changes: awsConfig(SSO) }),
      commands: "aws sso login --profile corp",
    },
    "knows the words of other tools": [
      "Error loading SSO Token: Token for corp does not exist",
      "Error when retrieving token from sso: Token has expired and refresh failed",
      "operation error STS: the SSO session has expired or is invalid",
      "failed to read cached SSO token file, open /home/ada/.aws/sso/cache/ee0b.json: no such file or directory",
    ].map((words) => pluginFailed(words)),
    "logs in by our own hand for a context of ours, in our own words": {
      on: [
        "error: You are not logged in to IAM Identity Center (sso-session corp). [sso-logged-out]",
        "error: The session at IAM Identity Center (sso-session corp) is over: its token has ended, and cannot be refreshed. [sso-session-expired]",
      ].map((words) => pluginFailed(words, { profile: true, changes: GONE })),
      commands: "kubectl vouch login --profile dev",
      evidence: [
        /^GetCallerIdentity|^The plugin/,
        `Session file ${SSO_FILE} does not exist.`,
        "Credential source: profile dev (from --profile).",
      ],
    },
    "logs in by our own hand where the AWS CLI has no sso login": {
      on: pluginFailed(OVER, {
        changes: {
          ...awsConfig(SSO_CONFIG),
          execCommand: { command: "aws", resolved: "/usr/bin/aws", version: "aws-cli/1.45.11" },
        },
      }),
      commands: "kubectl vouch login --profile dev",
    },
  },
  likely: {
    "sees without running anything that a context of ours has no session": {
      on: [GONE, ENDED, { sourceFiles: [{ ...FILE, state: "unreadable" as const }] }].map((changes) =>
        unasked(healthyProfileBundle(changes)),
      ),
      commands: "kubectl vouch login --profile dev",
    },
  },
  unknown: {
    "the session lives, or can be refreshed, or is another profile's": {
      on: [
        unasked(healthyProfileBundle()),
        unasked(
          healthyProfileBundle({ sourceFiles: [{ ...FILE, state: "there", ...PAST, refreshable: true }] }),
        ),
        unasked(healthyBundle({ sourceFiles: [{ ...FILE, state: "absent" }] })),
      ],
      missing: ["apiServer", "callerIdentity", "pluginRun", "question"],
    },
  },
});
