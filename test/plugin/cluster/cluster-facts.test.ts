import assert from "node:assert/strict";
import type { Cluster } from "@aws-sdk/client-eks";
import { clusterFacts } from "../../../plugin/cluster/eks-clusters.ts";
import { onPosix } from "../../support/platform.ts";

const LAB: Cluster = {
  name: "lab",
  arn: "arn:aws-cn:eks:cn-north-1:111122223333:cluster/lab",
  status: "ACTIVE",
  endpoint: "https://lab.example",
  certificateAuthority: { data: "Q0E=" },
  accessConfig: { authenticationMode: "API" },
  resourcesVpcConfig: { endpointPublicAccess: true },
};

describe("clusterFacts", () => {
  it("takes what setup needs out of DescribeCluster", () => {
    assert.deepEqual(clusterFacts("lab", LAB), {
      name: "lab",
      arn: "arn:aws-cn:eks:cn-north-1:111122223333:cluster/lab",
      partition: "aws-cn",
      region: "cn-north-1",
      accountId: "111122223333",
      endpoint: "https://lab.example",
      caData: "Q0E=",
      authenticationMode: "API",
      warnings: [],
    });
  });

  it("takes the ID of a local cluster on an Outpost, which tokens are signed for", () => {
    const id = "0c3a5e1e-7b6f-4a57-9d53-6a2b8f5f9a10";
    const outpost = { outpostArns: ["op-1"], controlPlaneInstanceType: "m5.large" };
    const LOCAL = { ...LAB, id, outpostConfig: outpost };
    assert.equal(clusterFacts("lab", LOCAL).id, id);
    const { id: _none, ...unsaid } = LOCAL;
    assert.equal(clusterFacts("lab", unsaid, id).id, id);
    assert.throws(() => clusterFacts("lab", unsaid), {
      code: "aws-failed",
      hint: "Specify it with --cluster-id ID.",
    });
    const extended = { ...LOCAL, outpostConfig: { ...outpost, etcdInstanceType: "m5.large" } };
    assert.equal(clusterFacts("lab", extended).id, undefined);
  });

  it("takes a cluster that is being updated", () => {
    assert.equal(clusterFacts("lab", { ...LAB, status: "UPDATING" }).endpoint, "https://lab.example");
  });

  for (const wrong of [
    { endpoint: "http://lab.example" },
    { endpoint: "https://ada:x@lab.example" },
    { endpoint: "https://lab.example/\nx: y" },
    { endpoint: "https://lab.example/a?b" },
    { endpoint: `https://${"a".repeat(300)}` },
    { endpoint: 5 },
    { arn: 5 },
    { certificateAuthority: { data: 5 } },
    { certificateAuthority: { data: "\u001b[31m" } },
  ])
    it(`refuses ${JSON.stringify(wrong)}, which EKS never reports`, () => {
      assert.throws(() => clusterFacts("lab", { ...LAB, ...wrong } as Cluster), { code: "aws-failed" });
    });

  const unusable: Record<string, [Cluster, string]> = {
    "is being made": [{ ...LAB, status: "CREATING" }, "CREATING"],
    "is being deleted": [{ ...LAB, status: "DELETING" }, "DELETING"],
    "has failed": [{ ...LAB, status: "FAILED" }, "FAILED"],
    "has no endpoint": [{ ...LAB, endpoint: undefined }, "ACTIVE"],
    "has no CA": [{ ...LAB, certificateAuthority: {} }, "ACTIVE"],
    "is nothing": [{}, "unknown"],
  };
  for (const [what, [cluster, status]] of Object.entries(unusable)) {
    it(`refuses one that ${what}`, () => {
      assert.throws(() => clusterFacts("lab", cluster), {
        code: "cluster-not-ready",
        message: `Cluster lab is ${status}, without a usable endpoint.`,
      });
    });
  }

  onPosix("paths", "warns of what will surprise people", () => {
    const { warnings } = clusterFacts("lab", {
      ...LAB,
      accessConfig: { authenticationMode: "CONFIG_MAP" },
      resourcesVpcConfig: { endpointPublicAccess: false },
    });
    assert.deepEqual(warnings, [
      "The authentication mode of lab is CONFIG_MAP: access entries are ignored there, in favor of the ConfigMap " +
        "kube-system/aws-auth. To enable access entries, a cluster admin runs " +
        "`aws eks update-cluster-config --name lab --access-config authenticationMode=API_AND_CONFIG_MAP`.",
      "lab does not have a public endpoint: kubectl can reach it only from its VPC or a connected network.",
    ]);
  });
});
