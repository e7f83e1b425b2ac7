import { awsConfig, pluginFailed } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const CHAINING =
  "An error occurred (ValidationError) when calling the AssumeRole operation: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining";
const CHAIN = awsConfig(
  "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = hub\nduration_seconds = 43200\n[profile hub]\nrole_arn = arn:aws:iam::111122223333:role/Hub\nsource_profile = base\n",
);

testRule("credentials/aws-role-chaining-limit", "L10", {
  certain: {
    "names the profile and what it asks for": {
      on: pluginFailed(CHAINING, { changes: CHAIN }),
      summary: "Profile dev requests a 43200-second session, but role chaining allows at most 3600 seconds.",
      commands: "aws configure set duration_seconds 3600 --profile dev",
    },
    "covers the role's own limit too": {
      on: pluginFailed(
        "An error occurred (ValidationError) when calling the AssumeRole operation: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        { changes: CHAIN },
      ),
      summary: "Profile dev requests a 43200-second session, but the role allows less.",
    },
  },
});
