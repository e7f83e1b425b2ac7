import assert from "node:assert/strict";
import { networkSecurityGroupClosed } from "../../../../doctor/rules/network/network-security-group-closed.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { findingsOf, verdicts } from "../../support/credential-case.ts";
import { networkFault } from "../../support/network-faults.ts";

const FAULT = networkFault("N4");

describe("network-security-group-closed", () => {
  it("names the group that keeps silent towards somebody inside", () => {
    assert.deepEqual(verdicts(networkSecurityGroupClosed, FAULT), [
      {
        cause: "N4",
        stage: "network",
        severity: "error",
        confidence: "likely",
        commands: [
          "aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-0123456789abcdef0 --protocol tcp --port 443 --cidr YOUR_NETWORK/CIDR",
        ],
      },
    ]);
  });

  it("is only possible, and inferred, where the endpoint is private for everybody (N2)", () => {
    assert.deepEqual(
      findingsOf(networkSecurityGroupClosed, networkFault("N2"))?.map(({ confidence, inferred }) => [
        confidence,
        inferred,
      ]),
      [["possible", true]],
    );
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "the address is public (N3)": networkFault("N3"),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(networkSecurityGroupClosed, bundle), []);
    });
  }
});
