import assert from "node:assert/strict";
import { awsKeysOverrideProfile } from "../../../../doctor/rules/credentials/aws-keys-override-profile.ts";
import { healthyBundle } from "../../support/bundle.ts";
import {
  awsConfig,
  awsExec,
  confidences,
  findingsOf,
  unauthorized,
  verdicts,
} from "../../support/credential-case.ts";

const KEYS = {
  HOME: "/home/ada",
  AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12",
  AWS_SECRET_ACCESS_KEY: "***",
};
const STRANGER = {
  UserId: "AIDAEXAMPLE",
  Account: "111122223333",
  Arn: "arn:aws:iam::111122223333:user/deploy",
};
const DEV = awsConfig(
  "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = base\n",
);

describe("aws-keys-override-profile", () => {
  it("proves it when the caller is not whom the profile leads to, and nobody maps it", () => {
    const bundle = unauthorized({
      environment: KEYS,
      callerIdentity: STRANGER,
      token: { bytes: 900, accessKeyId: "AKIAEXAMPLEEXAMPLE12", temporary: false, problems: [] },
      ...DEV,
    });
    assert.deepEqual(verdicts(awsKeysOverrideProfile, bundle), [
      {
        cause: "L4",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: [
          "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY",
          "kubectl config set-credentials lab --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--output --exec-arg=json --exec-arg=--profile --exec-arg=dev",
        ],
      },
    ]);
    assert.deepEqual(findingsOf(awsKeysOverrideProfile, bundle)?.[0]?.evidence, [
      "AWS_ACCESS_KEY_ID is set in the environment and comes first, before profile dev: a profile named by a variable does not override keys.",
      "The token is signed with this key, AKIAEXAMPLEEXAMPLE12.",
      "AWS says that the caller is arn:aws:iam::111122223333:user/deploy.",
      "Profile dev leads to another role.",
    ]);
  });

  it("is only likely when the profile's settings do not say whom it leads to", () => {
    const bundle = unauthorized({ environment: KEYS, callerIdentity: STRANGER });
    assert.deepEqual(confidences(awsKeysOverrideProfile, bundle), ["L4 likely"]);
  });

  it("is a warning while the call works", () => {
    const [finding] = findingsOf(awsKeysOverrideProfile, healthyBundle({ environment: KEYS })) ?? [];
    assert.equal(finding?.severity, "warning");
  });

  it("is silent when both are the same identity", () => {
    assert.deepEqual(confidences(awsKeysOverrideProfile, unauthorized({ environment: KEYS, ...DEV })), []);
  });

  it("is silent when --profile names the profile, when no profile is named, and when the key is emptied in the entry", () => {
    for (const entry of [
      awsExec({}, ["--profile", "dev"]),
      awsExec({}),
      awsExec({ AWS_PROFILE: "dev", AWS_ACCESS_KEY_ID: "" }),
    ]) {
      const bundle = unauthorized({ environment: KEYS, callerIdentity: STRANGER, ...DEV, ...entry });
      assert.deepEqual(confidences(awsKeysOverrideProfile, bundle), []);
    }
  });

  it("takes keys out of the entry when they stand there", () => {
    const entry = awsExec({ AWS_PROFILE: "dev", AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12" });
    const [verdict] =
      verdicts(awsKeysOverrideProfile, unauthorized({ callerIdentity: STRANGER, ...DEV, ...entry })) ?? [];
    assert.equal(verdict?.commands[0], "kubectl config set-credentials lab --exec-env=AWS_ACCESS_KEY_ID-");
  });
});
