import assert from "node:assert/strict";
import { eksPlatformTooOld } from "../../../../doctor/rules/mode/eks-platform-too-old.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import { findingsOf, missingFor, unauthorized, verdicts } from "../../support/credential-case.ts";
import { cliError, mappingFault, refusedCall } from "../../support/mapping-faults.ts";
import { cluster } from "../../support/network-faults.ts";

const FAULT = mappingFault("M6");
const OLD = cluster({ version: "1.27", platformVersion: "eks.4" });

describe("eks-platform-too-old", () => {
  it("names the platform that access entries need", () => {
    assert.deepEqual(verdicts(eksPlatformTooOld, FAULT), [
      {
        cause: "M6",
        stage: "mode",
        severity: "error",
        confidence: "certain",
        commands: ["aws eks update-cluster-version --name lab --region eu-west-1 --kubernetes-version 1.28"],
      },
    ]);
    assert.equal(
      findingsOf(eksPlatformTooOld, FAULT)?.[0]?.summary,
      "Cluster lab cannot have access entries yet: it is on platform eks.4 of Kubernetes 1.27, and they need eks.10.",
    );
  });

  it("cannot tell without the cluster", () => {
    assert.deepEqual(missingFor(eksPlatformTooOld, without(FAULT, "cluster")), ["cluster"]);
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "nobody tried to change anything": unauthorized(OLD),
    "the platform is new enough": { ...FAULT, ...cluster({ version: "1.27", platformVersion: "eks.10" }) },
    "every platform of this version will do": {
      ...FAULT,
      ...cluster({ version: "1.33", platformVersion: "eks.1" }),
    },
    "IAM refused the change": refusedCall(
      "aws eks update-cluster-config --name lab",
      cliError(
        "AccessDeniedException",
        "UpdateClusterConfig",
        "User: x is not authorized to perform: eks:UpdateClusterConfig",
      ),
      OLD,
    ),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(eksPlatformTooOld, bundle), []);
    });
  }
});
