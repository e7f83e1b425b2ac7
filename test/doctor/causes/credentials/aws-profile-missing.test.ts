import { awsConfig, awsExec, healthyBundle, pluginFailed, without } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const NOT_FOUND = "The config profile (dev) could not be found";

/** As if nobody had run the plugin: only files are known. */
function filesOnly(config: string) {
  const bundle = healthyBundle(awsConfig(config));
  return without(bundle, "question", "pluginRun", "callerIdentity", "apiServer", "token");
}

testRule("credentials/aws-profile-missing", "L3", {
  certain: {
    "takes an empty variable out of the entry": {
      on: pluginFailed("The config profile () could not be found", {
        changes: { ...awsConfig("[profile ops]\nregion = eu-west-1\n"), ...awsExec({ AWS_PROFILE: "" }) },
      }),
      summary:
        "AWS_PROFILE in the exec block's env is empty, which aws interprets as a profile with an empty name.",
      commands: [
        "kubectl config set-credentials lab --exec-env=AWS_PROFILE-",
        "kubectl config set-credentials lab --exec-env=AWS_PROFILE=ops",
      ],
    },
    "names the profile and who asks for it": {
      on: pluginFailed(NOT_FOUND, { changes: awsConfig("[profile ops]\nregion = eu-west-1\n") }),
      summary: "AWS profile dev (from AWS_PROFILE in the exec block's env) does not exist on this machine.",
      commands: [
        "kubectl config set-credentials lab --exec-env=AWS_PROFILE=ops",
        "aws configure sso --profile dev",
        "kubectl config set-credentials lab --exec-env=AWS_PROFILE-",
      ],
    },
    "creates the profile where there is no other": {
      on: pluginFailed(NOT_FOUND, { changes: awsConfig("") }),
      description: "Create the profile.",
    },
  },
  likely: {
    "points at a section that misses the word profile": {
      on: filesOnly("[dev]\nregion = eu-west-1\n"),
      description: "Correct the section name in /home/ada/.aws/config.",
      text: "[profile dev]",
    },
  },
  unknown: {
    "nobody names a profile, and nobody ran the plugin": {
      on: { ...filesOnly("[profile ops]\n"), ...awsExec({}) },
      missing: ["apiServer", "callerIdentity", "pluginRun", "question"],
    },
  },
});
