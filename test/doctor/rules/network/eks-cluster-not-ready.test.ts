import assert from "node:assert/strict";
import { eksClusterNotReady } from "../../../../doctor/rules/network/eks-cluster-not-ready.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { cluster, networkFault } from "../../support/network-faults.ts";

const FAULT = networkFault("N10");

describe("eks-cluster-not-ready", () => {
  it("waits for a cluster that is being created", () => {
    assert.deepEqual(verdicts(eksClusterNotReady, FAULT), [
      {
        cause: "N10",
        stage: "network",
        severity: "error",
        confidence: "certain",
        commands: ["aws eks wait cluster-active --name lab --region eu-west-1"],
      },
    ]);
  });

  it("reads the status in the AWS CLI's words", () => {
    assert.deepEqual(confidences(eksClusterNotReady, without(FAULT, "cluster")), ["N10 likely"]);
  });

  for (const status of ["DELETING", "FAILED"]) {
    it(`looks at the health of a cluster that is ${status}`, () => {
      const failed = "no HTTP answer";
      const unasked = { question: {}, apiServer: { failed }, selfSubjectReview: { failed } };
      const bundle = healthyBundle({ ...cluster({ status }), ...unasked });
      assert.deepEqual(
        verdicts(eksClusterNotReady, bundle)?.map(({ confidence, commands }) => [confidence, commands]),
        [["certain", ["aws eks describe-cluster --name lab --region eu-west-1 --query cluster.health"]]],
      );
    });
  }

  it("is likely when the API server answers 401", () => {
    assert.deepEqual(confidences(eksClusterNotReady, unauthorized(cluster({ status: "DELETING" }))), [
      "N10 likely",
    ]);
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "the cluster is updating": unauthorized(cluster({ status: "UPDATING" })),
    "the call works": healthyBundle(cluster({ status: "DELETING" })),
    "the words are of yesterday, and the cluster is ACTIVE": {
      ...FAULT,
      cluster: healthyBundle().cluster ?? { failed: "-" },
    },
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(eksClusterNotReady, bundle), []);
    });
  }
});
