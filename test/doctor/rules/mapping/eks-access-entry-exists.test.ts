import assert from "node:assert/strict";
import { eksAccessEntryExists } from "../../../../doctor/rules/mapping/eks-access-entry-exists.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { mappingFault, NO_ENTRY, refusedCall } from "../../support/mapping-faults.ts";

const FAULT = mappingFault("E7");

describe("eks-access-entry-exists", () => {
  it("looks at the entry that is there", () => {
    const place = `--cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;
    assert.deepEqual(verdicts(eksAccessEntryExists, FAULT), [
      {
        cause: "E7",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: [
          `aws eks describe-access-entry ${place}`,
          `terraform import aws_eks_access_entry.NAME lab:${ROLE_ARN}`,
          `aws eks delete-access-entry ${place}`,
        ],
      },
    ]);
  });

  it("imports it into Terraform's state first after a failed terraform apply, and is less sure without the list", () => {
    const arn = `arn:aws:iam::${ACCOUNT}:role/Ops`;
    const words = `│ Error: creating EKS Access Entry (prod:${arn}): operation error EKS: CreateAccessEntry, https response error StatusCode: 409, RequestID: 0, ResourceInUseException: The specified access entry resource is already in use on this cluster.`;
    const bundle = refusedCall("terraform apply", words, {
      client: { name: "terraform" },
      accessEntries: { failed: "denied" },
    });
    assert.deepEqual(
      verdicts(eksAccessEntryExists, bundle)?.map(({ confidence, commands: [first] }) => [confidence, first]),
      [["likely", `terraform import aws_eks_access_entry.NAME prod:${arn}`]],
    );
  });

  it("is less sure when the list does not have it any more", () => {
    assert.deepEqual(confidences(eksAccessEntryExists, { ...FAULT, ...NO_ENTRY }), ["E7 likely"]);
  });

  it("is silent otherwise", () => {
    assert.deepEqual(findingsOf(eksAccessEntryExists, healthyBundle()), []);
    const cluster = refusedCall(
      "aws eks create-cluster --name lab",
      "An error occurred (ResourceInUseException) when calling the CreateCluster operation: Cluster already exists with name: lab",
    );
    assert.deepEqual(findingsOf(eksAccessEntryExists, cluster), []);
  });
});
