import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { policyAssociation } from "../../../../doctor/rules/authorization/policy-association.ts";
import { AUTHORIZATION_FAULTS, associate, verdict } from "../../support/authorization-faults.ts";
import { healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { cliError, entry, refusedCall } from "../../support/mapping-faults.ts";

const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";

function failed(policyArn: string, changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  const command = `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN} --policy-arn ${policyArn} --access-scope type=cluster`;
  const words = "The specified policyArn is invalid";
  return refusedCall(command, cliError("InvalidParameterException", "AssociateAccessPolicy", words), changes);
}

describe("policy-association", () => {
  it("writes the ARN with aws in the account field, and keeps the scope", () => {
    assert.deepEqual(
      verdicts(policyAssociation, AUTHORIZATION_FAULTS.P9),
      verdict("P9", [associate("View", "type=namespace,namespaces=web,ops")]),
    );
  });

  for (const [policyArn, summary] of [
    [VIEW.replace("View", "Hybrid"), "AWS keeps AmazonEKSHybridPolicy for its own service-linked roles."],
    [VIEW.replace("aws:", "aws-cn:"), `The policy's ARN is ${VIEW}, not ${VIEW.replace("aws:", "aws-cn:")}.`],
    [
      "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
      "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy is not the ARN of an EKS access policy.",
    ],
  ] as const) {
    it(`knows what is wrong with ${policyArn}`, () => {
      const [finding] = findingsOf(policyAssociation, failed(policyArn)) ?? [];
      assert.deepEqual([finding?.confidence, finding?.summary], ["certain", summary]);
    });
  }

  it("says that the entry's type takes no policies", () => {
    const bundle = failed(VIEW, entry({ type: "EC2_LINUX" }));
    assert.equal(
      findingsOf(policyAssociation, bundle)[0]?.summary,
      "An access entry of type EC2_LINUX takes no access policies.",
    );
  });

  it("has nothing to say when the ARN is right, or of another call", () => {
    assert.deepEqual(confidences(policyAssociation, failed(VIEW)), []);
    const other = cliError("ResourceNotFoundException", "DescribeCluster", "No cluster found");
    assert.deepEqual(
      confidences(policyAssociation, refusedCall("aws eks describe-cluster --name lab", other)),
      [],
    );
  });

  it("knows a policy of AWS's own by EKS's words alone", () => {
    const words = "The specified policyArn can only be associated with service-linked roles";
    const stderr = cliError("InvalidParameterException", "AssociateAccessPolicy", words);
    assert.deepEqual(confidences(policyAssociation, healthyBundle({ question: { stderr } })), ["P9 certain"]);
  });
});
