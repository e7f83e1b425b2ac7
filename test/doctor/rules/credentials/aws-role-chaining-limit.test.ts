import assert from "node:assert/strict";
import { awsRoleChainingLimit } from "../../../../doctor/rules/credentials/aws-role-chaining-limit.ts";
import { awsConfig, confidences, findingsOf, pluginFailed, verdicts } from "../../support/credential-case.ts";

const CHAINING =
  "An error occurred (ValidationError) when calling the AssumeRole operation: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining";
const CHAIN = awsConfig(
  "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = hub\nduration_seconds = 43200\n[profile hub]\nrole_arn = arn:aws:iam::111122223333:role/Hub\nsource_profile = base\n",
);

describe("aws-role-chaining-limit", () => {
  it("names the profile and what it asks for", () => {
    const bundle = pluginFailed(CHAINING, { changes: CHAIN });
    assert.deepEqual(verdicts(awsRoleChainingLimit, bundle), [
      {
        cause: "L10",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: ["aws configure set duration_seconds 3600 --profile dev"],
      },
    ]);
    assert.equal(
      findingsOf(awsRoleChainingLimit, bundle)?.[0]?.summary,
      "Profile dev asks for a session of 43200 seconds; AWS allows 3600 where a role assumes a role.",
    );
  });

  it("covers the role's own limit too", () => {
    const words =
      "An error occurred (ValidationError) when calling the AssumeRole operation: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    assert.equal(
      findingsOf(awsRoleChainingLimit, pluginFailed(words, { changes: CHAIN }))?.[0]?.summary,
      "Profile dev asks for a session of 43200 seconds; the role allows fewer.",
    );
  });

  it("is silent on another ValidationError", () => {
    const words =
      "An error occurred (ValidationError) when calling the AssumeRole operation: Request ARN is invalid";
    assert.deepEqual(confidences(awsRoleChainingLimit, pluginFailed(words)), []);
  });
});
