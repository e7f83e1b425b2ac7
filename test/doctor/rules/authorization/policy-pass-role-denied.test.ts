import assert from "node:assert/strict";
import { policyPassRoleDenied } from "../../../../doctor/rules/authorization/policy-pass-role-denied.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { cliError, mappingFault, NODE_ARN, refusedCall } from "../../support/mapping-faults.ts";

const words = `User: x is not authorized to perform: iam:PassRole on resource: ${NODE_ARN}`;

describe("policy-pass-role-denied", () => {
  it("allows the caller to pass the nodes' role", () => {
    assert.deepEqual(verdicts(policyPassRoleDenied, mappingFault("P14")), [
      {
        cause: "P14",
        stage: "authorization",
        severity: "error",
        confidence: "certain",
        commands: [
          `aws iam put-role-policy --role-name Dev --policy-name pass-node-role --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:PassRole"],"Resource":"${NODE_ARN}"}]}'`,
        ],
      },
    ]);
  });

  it("is only possible when the call is not known", () => {
    assert.deepEqual(
      confidences(policyPassRoleDenied, refusedCall("./deploy.sh", `AccessDeniedException: ${words}`)),
      ["P14 possible"],
    );
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "a node group is made": refusedCall(
      "aws eks create-nodegroup --cluster-name lab",
      cliError("AccessDeniedException", "CreateNodegroup", words),
    ),
    "another action is refused (P11)": mappingFault("P11"),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(policyPassRoleDenied, bundle), []);
    });
  }
});
