import assert from "node:assert/strict";
import { clientTerraformIdentity } from "../../../../doctor/rules/credentials/client-terraform-identity.ts";
import { healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { CLIENT_FAULTS, EXEC_PROVIDER } from "../../support/client-faults.ts";
import { confidences, findingsOf, fixesOf, unauthorized, verdicts } from "../../support/credential-case.ts";

const T11 = CLIENT_FAULTS["T11"] ?? healthyBundle();

function configured(configuration: string) {
  return { ...T11, client: { name: "terraform", configuration } };
}

describe("client-terraform-identity", () => {
  it("is certain when the exec command acts as another than the AWS provider, and explains that nobody maps it", () => {
    assert.deepEqual(verdicts(clientTerraformIdentity, T11), [
      { cause: "T11", stage: "credentials", severity: "error", confidence: "certain", commands: [] },
    ]);
    const [found] = findingsOf(clientTerraformIdentity, T11) ?? [];
    assert.match(
      fixesOf(clientTerraformIdentity, T11)[0]?.text ?? "",
      /"--role-arn", "arn:aws:iam::111122223333:role\/Deployer"\]/,
    );
    assert.deepEqual(found?.explains, ["E1", "A1", "M5", "T7"]);
  });

  it("is only likely when it is not known as whom the exec command acts, or a profile is named", () => {
    assert.deepEqual(confidences(clientTerraformIdentity, without(T11, "callerIdentity")), ["T11 likely"]);
    const profile = configured(`provider "aws" {\n  profile = "prod"\n}\n${EXEC_PROVIDER}`);
    assert.deepEqual(confidences(clientTerraformIdentity, profile), ["T11 likely"]);
  });

  it("is only possible when the cluster lets in as whom it acts", () => {
    const { client } = T11;
    assert.ok(client !== undefined);
    assert.deepEqual(confidences(clientTerraformIdentity, unauthorized({ client })), ["T11 possible"]);
  });

  const aws = `provider "aws" {\n  assume_role {\n    role_arn = "${ROLE_ARN}"\n  }\n}\n`;
  const silent = {
    "a role that the exec command has too": configured(aws + EXEC_PROVIDER),
    "an exec block with a role": configured(
      aws.replace("Dev", "X") + EXEC_PROVIDER.replace('"lab"', '"lab", "--role-arn", "x"'),
    ),
    "an AWS provider without a role": configured(
      `provider "aws" {\n  region = "eu-west-1"\n}\n${EXEC_PROVIDER}`,
    ),
    "no configuration": { ...T11, client: { name: "terraform" } },
  };
  for (const [name, bundle] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => {
      assert.deepEqual(findingsOf(clientTerraformIdentity, bundle), []);
    });
  }
});
