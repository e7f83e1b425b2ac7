import assert from "node:assert/strict";
import { awsRootCaller } from "../../../../doctor/rules/credentials/aws-root-caller.ts";
import { confidences, unauthorized, verdicts } from "../../support/credential-case.ts";

const ROOT = { UserId: "111122223333", Account: "111122223333", Arn: "arn:aws:iam::111122223333:root" };

describe("aws-root-caller", () => {
  it("is certain when nobody maps root", () => {
    assert.deepEqual(verdicts(awsRootCaller, unauthorized({ callerIdentity: ROOT })), [
      {
        cause: "L16",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: [
          "aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn arn:aws:iam::111122223333:role/ROLE",
          "aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn arn:aws:iam::111122223333:role/ROLE --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy --access-scope type=cluster",
        ],
      },
    ]);
  });

  it("is likely while the mapping is unknown", () => {
    const {
      accessEntries: _,
      accessEntryDetails: __,
      awsAuth: ___,
      ...bundle
    } = unauthorized({ callerIdentity: ROOT });
    assert.deepEqual(confidences(awsRootCaller, bundle), ["L16 likely"]);
  });

  it("is silent when aws-auth maps root", () => {
    const mapUsers = `- userarn: ${ROOT.Arn}\n  username: root\n  groups: [system:masters]\n`;
    assert.deepEqual(
      confidences(awsRootCaller, unauthorized({ callerIdentity: ROOT, awsAuth: { data: { mapUsers } } })),
      [],
    );
  });
});
