import assert from "node:assert/strict";
import { awsProfileMissing } from "../../../../doctor/rules/credentials/aws-profile-missing.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import {
  awsConfig,
  awsExec,
  confidences,
  findingsOf,
  fixesOf,
  pluginFailed,
  unauthorized,
  verdicts,
} from "../../support/credential-case.ts";

const NOT_FOUND = "The config profile (dev) could not be found";

/** As if nobody had run the plugin: only files are known. */
function filesOnly(config: string) {
  const {
    question: _,
    pluginRun: __,
    callerIdentity: ___,
    apiServer: ____,
    token: _____,
    ...rest
  } = healthyBundle(awsConfig(config));
  return rest;
}

describe("aws-profile-missing", () => {
  it("names the profile and who asks for it", () => {
    const bundle = pluginFailed(NOT_FOUND, { changes: awsConfig("[profile ops]\nregion = eu-west-1\n") });
    const [finding] = findingsOf(awsProfileMissing, bundle) ?? [];
    assert.equal(
      finding?.summary,
      "AWS_PROFILE in the exec block's env names the AWS profile dev, which does not exist on this machine.",
    );
    assert.deepEqual(verdicts(awsProfileMissing, bundle), [
      {
        cause: "L3",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: [
          "aws configure list-profiles",
          "kubectl config set-credentials lab --exec-env=AWS_PROFILE=ops",
          "aws configure sso --profile dev",
          "kubectl config set-credentials lab --exec-env=AWS_PROFILE-",
        ],
      },
    ]);
  });

  it("sees it in the files alone, less sure while nobody ran the plugin", () => {
    assert.deepEqual(confidences(awsProfileMissing, filesOnly("[profile ops]\n")), ["L3 likely"]);
  });

  it("points at a section that misses the word profile", () => {
    const [fix] = fixesOf(awsProfileMissing, filesOnly("[dev]\nregion = eu-west-1\n"));
    assert.deepEqual(
      [fix?.description, fix?.text],
      ["Correct the section's name in /home/ada/.aws/config.", "[profile dev]"],
    );
  });

  it("is not sure of it while the server answers 401", () => {
    const { pluginRun: _, callerIdentity: __, ...bundle } = unauthorized(awsConfig("[profile ops]\n"));
    assert.deepEqual(confidences(awsProfileMissing, bundle), ["L3 possible"]);
  });

  it("says nothing while one of the two files is unknown, or the profile is in the other", () => {
    const only = filesOnly("[profile ops]\n");
    assert.deepEqual(confidences(awsProfileMissing, without(only, "awsCredentials")), []);
    const awsCredentials = { path: "/home/ada/.aws/credentials", text: "[dev]\naws_access_key_id = ***\n" };
    assert.deepEqual(confidences(awsProfileMissing, { ...only, awsCredentials }), []);
  });

  it("says nothing of a profile that nobody names, or that a plugin of ours ignores", () => {
    assert.deepEqual(confidences(awsProfileMissing, { ...filesOnly("[profile ops]\n"), ...awsExec({}) }), []);
    assert.deepEqual(
      confidences(awsProfileMissing, pluginFailed("Nobody is logged in.", { vouch: true })),
      [],
    );
  });
});
