import { awsConfig, pluginFailed } from "../../support/bundle.ts";
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
  },
  passed: {
    "leaves Identity Center alone": pluginFailed("The SSO session associated with this profile has expired"),
  },
});
