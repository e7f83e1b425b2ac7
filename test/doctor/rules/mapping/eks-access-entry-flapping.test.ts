import assert from "node:assert/strict";
import { eksAccessEntryFlapping } from "../../../../doctor/rules/mapping/eks-access-entry-flapping.ts";
import { healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { mappingFault } from "../../support/mapping-faults.ts";

const readings = (...made: (string | number)[]) => ({
  accessEntryDetails: made.map((createdAt) => ({ accessEntry: { principalArn: ROLE_ARN, createdAt } })),
});

describe("eks-access-entry-flapping", () => {
  it("looks for who recreates the entry", () => {
    assert.deepEqual(verdicts(eksAccessEntryFlapping, mappingFault("E13")), [
      {
        cause: "E13",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: [
          "aws cloudtrail lookup-events --region eu-west-1 --lookup-attributes AttributeKey=EventName,AttributeValue=CreateAccessEntry",
          `aws eks describe-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`,
        ],
      },
    ]);
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "it works now": healthyBundle(readings(1768478360, 1768478390)),
    "two readings agree, in two ways of writing": unauthorized(readings("2026-01-15T11:59:20Z", 1768478360)),
    "there is one reading (E3)": mappingFault("E3"),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(eksAccessEntryFlapping, bundle), []);
    });
  }
});
