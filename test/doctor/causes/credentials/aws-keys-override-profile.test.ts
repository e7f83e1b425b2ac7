import { awsConfig, awsExec, healthyBundle, unauthorized } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

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

const ENVRC = {
  name: "kubectl",
  files: [{ path: "/src/.envrc", text: "export AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE12\n" }],
};

testRule("credentials/aws-keys-override-profile", "L4", {
  certain: {
    "proves it when the caller is not whom the profile leads to, and nobody maps it": {
      on: unauthorized({
        environment: KEYS,
        callerIdentity: STRANGER,
        token: { bytes: 900, accessKeyId: "AKIAEXAMPLEEXAMPLE12", temporary: false, problems: [] },
        ...DEV,
      }),
      evidence: [
        "AWS_ACCESS_KEY_ID is set in the environment and takes precedence over profile dev; a profile set by a variable does not override keys.",
        "The token is signed with this key, AKIAEXAMPLEEXAMPLE12.",
        "AWS identifies the caller as arn:aws:iam::111122223333:user/deploy.",
        "Profile dev resolves to a different role.",
      ],
      commands: [
        "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY",
        "kubectl config set-credentials lab --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--output --exec-arg=json --exec-arg=--profile --exec-arg=dev",
      ],
    },
    "takes keys out of the entry when they stand there": {
      on: unauthorized({
        callerIdentity: STRANGER,
        ...DEV,
        ...awsExec({ AWS_PROFILE: "dev", AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12" }),
      }),
      commands: [
        "kubectl config set-credentials lab --exec-env=AWS_ACCESS_KEY_ID-",
        "kubectl config set-credentials lab --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--output --exec-arg=json --exec-arg=--profile --exec-arg=dev",
      ],
    },
  },
  likely: {
    "a file of the client sets them, which may not be loaded": {
      on: unauthorized({
        client: ENVRC,
        environment: { failed: "not looked at" },
        callerIdentity: STRANGER,
        ...DEV,
      }),
      description: "Remove the keys from /src/.envrc, or do not load that file.",
    },
    "the profile's settings do not say whom it leads to": unauthorized({
      environment: KEYS,
      callerIdentity: STRANGER,
    }),
    "is a warning while the call works": { on: healthyBundle({ environment: KEYS }), severity: "warning" },
  },
  passed: {
    "both are the same identity": unauthorized({ environment: KEYS, ...DEV }),
    "--profile names the profile, no profile is named, or the key is emptied in the entry": [
      awsExec({}, ["--profile", "dev"]),
      awsExec({}),
      awsExec({ AWS_PROFILE: "dev", AWS_ACCESS_KEY_ID: "" }),
    ].map((entry) => unauthorized({ environment: KEYS, callerIdentity: STRANGER, ...DEV, ...entry })),
  },
});
