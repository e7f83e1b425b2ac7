import assert from "node:assert/strict";
import { clientTerraformRunner } from "../../../../doctor/rules/credentials/client-terraform-runner.ts";
import { healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";

const T7 = CLIENT_FAULTS["T7"] ?? healthyBundle();
const PLACE = `--cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;

describe("client-terraform-runner", () => {
  it("is certain when nobody lets the runner in, and explains that no entry names it", () => {
    assert.deepEqual(verdicts(clientTerraformRunner, T7), [
      {
        cause: "T7",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: [
          `aws eks create-access-entry ${PLACE}`,
          `aws eks associate-access-policy ${PLACE} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy --access-scope type=cluster`,
        ],
      },
    ]);
    assert.deepEqual(findingsOf(clientTerraformRunner, T7)?.[0]?.explains, ["E1", "A1", "M5"]);
  });

  it("is only possible while it is not known whom the cluster lets in", () => {
    assert.deepEqual(confidences(clientTerraformRunner, without(T7, "accessEntries")), ["T7 possible"]);
  });

  it("is only possible, and inferred, when an entry nearly fits", () => {
    const accessEntries = { accessEntries: ["arn:aws:iam::444455556666:role/Dev"] };
    const [found] = findingsOf(clientTerraformRunner, { ...T7, accessEntries }) ?? [];
    assert.deepEqual([found?.confidence, found?.inferred], ["possible", true]);
  });

  it("is silent when the cluster lets the runner in, and when aws-auth is not written", () => {
    const client = { name: "terraform" };
    const { question = {} } = T7;
    assert.deepEqual(findingsOf(clientTerraformRunner, unauthorized({ client, question })), []);
    const other = {
      ...T7,
      question: { stderr: "│ Error: Unauthorized\n│   with kubernetes_namespace.web," },
    };
    assert.deepEqual(findingsOf(clientTerraformRunner, other), []);
  });
});
