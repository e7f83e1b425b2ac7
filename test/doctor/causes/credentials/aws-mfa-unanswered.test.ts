import { awsConfig, pluginFailed, without } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

/** stderr of the AWS CLI 1.45.11 without a terminal, measured. */
const PROMPT =
  "Warning: Password input may be echoed.\nEnter MFA code for arn:aws:iam::111122223333:mfa/ada: ";
const MFA = awsConfig(
  "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = base\nmfa_serial = arn:aws:iam::111122223333:mfa/ada\n[profile base]\naws_access_key_id = ***\n",
);
const HANGING = without(
  pluginFailed("", { changes: { pluginRun: { failed: "no answer within 10 s" } } }),
  "question",
  "callerIdentity",
);

testRule("credentials/aws-mfa-unanswered", "L9", {
  certain: {
    "lets our login ask, or gets a session for the profile behind the one that wants a code": {
      on: pluginFailed(PROMPT, { changes: MFA }),
      commands: [
        "kubectl vouch setup eks --cluster lab --region eu-west-1 --profile dev --migrate --in-place",
        "kubectl vouch login --profile dev",
        "aws sts get-session-token --profile base --serial-number arn:aws:iam::111122223333:mfa/ada --token-code CODE",
        "aws configure sso --profile dev",
      ],
    },
    "asks for the code at a terminal, for a context of ours": {
      on: [
        "error: Role arn:aws:iam::111122223333:role/Dev (AWS profile dev, /home/ada/.aws/config, line 2) demands a code of the MFA device arn:aws:iam::111122223333:mfa/ada. [mfa-code-needed]",
        "error: A code of the MFA device arn:aws:iam::111122223333:mfa/ada has six digits. [mfa-code-wrong]",
      ].map((words) => pluginFailed(words, { profile: true, changes: MFA })),
      description: "Enter the code in a terminal; the role's credentials are then cached.",
      commands: [
        "kubectl vouch login --profile dev",
        "aws sts get-session-token --profile base --serial-number arn:aws:iam::111122223333:mfa/ada --token-code CODE",
        "aws configure sso --profile dev",
      ],
    },
    "knows the words of aws-iam-authenticator": pluginFailed("Assume Role MFA token code: "),
    "knows STS's words for a wrong code": pluginFailed(
      "An error occurred (AccessDenied) when calling the AssumeRole operation: MultiFactorAuthentication failed with invalid MFA one time pass code.",
    ),
  },
  likely: {
    "the plugin hangs, and the profile has a serial number": { ...HANGING, ...MFA },
  },
  passed: {
    "makes nothing of a plugin that had no input and no serial number":
      pluginFailed("EOF when reading a line"),
  },
});
