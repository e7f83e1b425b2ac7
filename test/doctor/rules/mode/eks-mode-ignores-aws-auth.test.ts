import assert from "node:assert/strict";
import { eksModeIgnoresAwsAuth } from "../../../../doctor/rules/mode/eks-mode-ignores-aws-auth.ts";
import { healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { awsAuthWith, forbidden, mappingFault, mode, NO_ENTRY } from "../../support/mapping-faults.ts";

const FAULT = mappingFault("M2");
const CREATE = `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;

describe("eks-mode-ignores-aws-auth", () => {
  it("creates an entry with the groups that aws-auth gives", () => {
    assert.deepEqual(verdicts(eksModeIgnoresAwsAuth, FAULT), [
      {
        cause: "M2",
        stage: "mode",
        severity: "error",
        confidence: "certain",
        commands: [`${CREATE} --kubernetes-groups developers`],
      },
    ]);
  });

  it("replaces system:masters with the policy of the same rights", () => {
    const bundle = { ...FAULT, ...awsAuthWith(ROLE_ARN, ["system:masters"]) };
    assert.deepEqual(verdicts(eksModeIgnoresAwsAuth, bundle)?.[0]?.commands, [
      CREATE,
      `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy --access-scope type=cluster`,
    ]);
  });

  it("is less sure when the entries or the mode are not known", () => {
    assert.deepEqual(confidences(eksModeIgnoresAwsAuth, { ...FAULT, accessEntries: { failed: "denied" } }), [
      "M2 likely",
    ]);
    assert.deepEqual(confidences(eksModeIgnoresAwsAuth, without(FAULT, "cluster")), ["M2 likely"]);
  });

  const listed = awsAuthWith(ROLE_ARN, ["developers"]);
  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "there is an entry, and aws-auth is left over": healthyBundle({ ...mode("API"), ...listed }),
    "the cluster reads aws-auth": { ...FAULT, ...mode("API_AND_CONFIG_MAP") },
    "aws-auth does not list the caller (E1)": {
      ...FAULT,
      ...awsAuthWith(ROLE_ARN.replace("Dev", "Ops"), []),
    },
    "the identity was accepted": forbidden({ ...mode("API"), ...NO_ENTRY, ...listed }),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(eksModeIgnoresAwsAuth, bundle), []);
    });
  }
});
