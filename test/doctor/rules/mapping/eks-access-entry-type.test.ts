import assert from "node:assert/strict";
import { eksAccessEntryType } from "../../../../doctor/rules/mapping/eks-access-entry-type.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { entry, forbidden, mappingFault } from "../../support/mapping-faults.ts";

const FAULT = mappingFault("E6");
const place = `--cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;
const HYBRID = entry({ type: "HYBRID_LINUX", username: "system:node:{{SessionName}}" });

describe("eks-access-entry-type", () => {
  it("replaces an entry for nodes by one for people", () => {
    assert.deepEqual(verdicts(eksAccessEntryType, FAULT), [
      {
        cause: "E6",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: [
          `aws eks delete-access-entry ${place}`,
          `aws eks create-access-entry ${place} --type STANDARD`,
          `aws eks associate-access-policy ${place} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope type=cluster`,
        ],
      },
    ]);
  });

  it("knows a person whom the cluster takes for a node", () => {
    assert.deepEqual(confidences(eksAccessEntryType, forbidden(HYBRID, "system:node:ada-example.com")), [
      "E6 certain",
    ]);
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "it works all the same": healthyBundle(HYBRID),
    "the entry is STANDARD": unauthorized(),
    "the type is not known": unauthorized({ accessEntryDetails: [] }),
    "an instance calls (L8)": {
      ...FAULT,
      callerIdentity: {
        UserId: "AROAEXAMPLEEXAMPLE123:i-0123456789abcdef0",
        Account: ACCOUNT,
        Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/i-0123456789abcdef0`,
      },
    },
    "the refusal names another user": forbidden(HYBRID, "dev:ada"),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(eksAccessEntryType, bundle), []);
    });
  }
});
