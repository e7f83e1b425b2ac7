import assert from "node:assert/strict";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import { targetCluster } from "../../../../doctor/derive/target/target-cluster.ts";
import { AWS_EXEC, healthyBundle, kubeconfigText } from "../../support/bundle.ts";

function kubeconfig(change: (text: string) => string) {
  return {
    kubeconfig: { files: [{ path: "/home/ada/.kube/config", text: change(kubeconfigText(AWS_EXEC)) }] },
  };
}

describe("targetCluster", () => {
  it("takes the account from DescribeCluster when the endpoint is the entry's", () => {
    assert.deepEqual(targetCluster(deriveFacts(healthyBundle())), {
      name: "lab",
      region: "eu-west-1",
      account: "111122223333",
      partition: "aws",
    });
  });

  it("believes the entry's own ARN more: the described cluster may be another of the same name", () => {
    const arn = "arn:aws-cn:eks:cn-north-1:444455556666:cluster/lab";
    const named = kubeconfig((text) =>
      text
        .replaceAll("cluster: lab", `cluster: ${arn}`)
        .replace("- name: lab\n  cluster:", `- name: ${arn}\n  cluster:`),
    );
    assert.deepEqual(targetCluster(deriveFacts(healthyBundle(named))), {
      name: "lab",
      region: "cn-north-1",
      account: "444455556666",
      partition: "aws-cn",
    });
  });

  it("does not take the account of a cluster at another endpoint, and reads the region from the endpoint", () => {
    for (const [endpoint, region] of [
      ["https://AAAA.gr7.us-east-2.eks.amazonaws.com", "us-east-2"],
      ["https://AAAA.yl4.eks.ap-south-1.api.aws", "ap-south-1"],
    ] as const) {
      const other = kubeconfig((text) => text.replace(/server: .*/, `server: ${endpoint}`));
      const found = targetCluster(deriveFacts(healthyBundle(other)));
      assert.deepEqual([found.account, found.region], [undefined, region]);
    }
  });
});
