import assert from "node:assert/strict";
import { knownValue } from "../../../../doctor/evidence/evidence.ts";
import { kubeconfigOutpostClusterId } from "../../../../doctor/rules/kubeconfig/kubeconfig-outpost-cluster-id.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import { findingsOf, missingFor, verdicts } from "../../support/credential-case.ts";
import { edited, KUBECONFIG_FAULTS } from "../../support/kubeconfig-faults.ts";

const K12 = KUBECONFIG_FAULTS["K12"] ?? healthyBundle();
const ID = "0b1d0b1d-0b1d-0b1d-0b1d-0b1d0b1d0b1d";

describe("kubeconfig-outpost-cluster-id", () => {
  it("is certain of a local cluster that is asked for by its name", () => {
    assert.deepEqual(verdicts(kubeconfigOutpostClusterId, K12), [
      {
        cause: "K12",
        stage: "kubeconfig",
        severity: "error",
        confidence: "certain",
        commands: [
          "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
          `kubectl config set-credentials lab --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--output --exec-arg=json --exec-arg=--cluster-id --exec-arg=${ID}`,
        ],
      },
    ]);
  });

  it("is silent when it is asked for by its id, and when it is an extended cluster", () => {
    const byId = { ...K12, ...edited(["--cluster-name, lab", `--cluster-id, ${ID}`]) };
    assert.deepEqual(findingsOf(kubeconfigOutpostClusterId, byId), []);
    const described = knownValue(K12.cluster)?.cluster;
    assert.ok(described);
    const outpostConfig = { ...described.outpostConfig, etcdInstanceType: "m5.large" };
    const extended = { ...K12, cluster: { cluster: { ...described, outpostConfig } } };
    assert.deepEqual(findingsOf(kubeconfigOutpostClusterId, extended), []);
  });

  it("is unknown without DescribeCluster", () => {
    assert.deepEqual(missingFor(kubeconfigOutpostClusterId, without(K12, "cluster")), ["cluster"]);
  });
});
