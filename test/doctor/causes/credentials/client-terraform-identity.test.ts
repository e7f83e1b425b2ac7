import assert from "node:assert/strict";
import { ROLE_ARN, unauthorized, without } from "../../support/bundle.ts";
import { CLIENT_FAULTS, EXEC_PROVIDER } from "../../support/client-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const T11 = CLIENT_FAULTS.T11;

function configured(configuration: string) {
  return { ...T11, client: { name: "terraform", configuration } };
}

const aws = `provider "aws" {\n  assume_role {\n    role_arn = "${ROLE_ARN}"\n  }\n}\n`;

testRule("credentials/client-terraform-identity", "T11", {
  certain: {
    "the exec command acts as another than the AWS provider, and explains that nobody maps it": {
      on: T11,
      explains: ["E1", "A1", "M5", "L7", "T7"],
      commands: [],
      text: /"--role-arn", "arn:aws:iam::111122223333:role\/Deployer"\]/,
    },
  },
  likely: {
    "it is not known as whom the exec command acts, or a profile is named": [
      without(T11, "callerIdentity"),
      configured(`provider "aws" {\n  profile = "prod"\n}\n${EXEC_PROVIDER}`),
    ],
  },
  possible: {
    "the cluster lets in as whom it acts": unauthorized({ client: T11.client ?? assert.fail() }),
  },
  passed: {
    "a role that the exec command has too": configured(aws + EXEC_PROVIDER),
    "an exec block with a role": configured(
      aws.replace("Dev", "X") + EXEC_PROVIDER.replace('"lab"', '"lab", "--role-arn", "x"'),
    ),
    "an AWS provider without a role": configured(
      `provider "aws" {\n  region = "eu-west-1"\n}\n${EXEC_PROVIDER}`,
    ),
  },
  unknown: {
    "no configuration": { on: { ...T11, client: { name: "terraform" } }, missing: "client" },
  },
});
