import assert from "node:assert/strict";
import { eksAccessEntryNameReserved } from "../../../../doctor/rules/mapping/eks-access-entry-name-reserved.ts";
import { healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { findingsOf, fixesOf, verdicts } from "../../support/credential-case.ts";
import { cliError, mappingFault, refusedCall } from "../../support/mapping-faults.ts";

const CREATE = `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;
const associate = (policy: string) =>
  `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN} --policy-arn arn:aws:eks::aws:cluster-access-policy/${policy} --access-scope type=cluster`;

describe("eks-access-entry-name-reserved", () => {
  it("replaces system:masters with a policy, and keeps the other groups", () => {
    assert.deepEqual(verdicts(eksAccessEntryNameReserved, mappingFault("E8")), [
      {
        cause: "E8",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: [`${CREATE} --kubernetes-groups devs`, associate("AmazonEKSClusterAdminPolicy")],
      },
    ]);
  });

  it("offers the least policy for another reserved group", () => {
    const bundle = refusedCall(
      `${CREATE} --kubernetes-groups system:nodes`,
      cliError(
        "InvalidParameterException",
        "CreateAccessEntry",
        "The kubernetes group name system:nodes is invalid, it cannot start with system:",
      ),
    );
    assert.deepEqual(verdicts(eksAccessEntryNameReserved, bundle)?.[0]?.commands, [
      CREATE,
      associate("AmazonEKSViewPolicy"),
    ]);
  });

  it("leaves a reserved username out", () => {
    const bundle = refusedCall(
      `${CREATE} --username system:ada`,
      cliError("InvalidParameterException", "CreateAccessEntry", "The username must not begin with system:"),
    );
    assert.deepEqual(
      [
        findingsOf(eksAccessEntryNameReserved, bundle)?.map(({ summary }) => summary),
        fixesOf(eksAccessEntryNameReserved, bundle)[0]?.commands,
      ],
      [
        ["EKS refuses this username in an access entry: names that begin with system: are reserved."],
        [CREATE],
      ],
    );
  });

  it("is silent otherwise", () => {
    assert.deepEqual(findingsOf(eksAccessEntryNameReserved, healthyBundle()), []);
    assert.deepEqual(findingsOf(eksAccessEntryNameReserved, mappingFault("E2")), []);
  });
});
