import { awsConfig, healthyProfileBundle, pluginFailed } from "../../support/bundle.ts";
import { unasked } from "../../support/source-faults.ts";
import { testRule } from "../../support/test-rule.ts";

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS"; the prefix is that of AWS CLI 2.3x. */
const OVER = "aws: [ERROR]: Your session has expired. Please reauthenticate using 'aws login'.";

testRule("credentials/aws-login-expired", "L11", {
  certain: {
    "signs in to the profile": {
      on: pluginFailed(OVER, {
        changes: awsConfig("[profile dev]\nlogin_session = arn:aws:iam::111122223333:user/ada\n"),
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
      on: unasked(
        healthyProfileBundle({
          ...awsConfig("[profile dev]\nlogin_session = arn:aws:iam::111122223333:user/ada\n"),
          sourceFiles: [{ kind: "login", path: "/home/ada/.aws/login/cache/x.json", state: "absent" }],
        }),
      ),
      commands: "aws login --profile dev",
    },
  },
  passed: {
    "leaves Identity Center alone": pluginFailed("The SSO session associated with this profile has expired"),
  },
});
