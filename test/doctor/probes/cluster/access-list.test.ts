import assert from "node:assert/strict";
import type { AwsCalls } from "../../../../doctor/probes/aws/aws-calls.ts";
import { accessList } from "../../../../doctor/probes/cluster/access-list.ts";
import type { KubeCalls } from "../../../../doctor/probes/cluster/kube-calls.ts";

describe("the list of who has access", () => {
  const host = (letter: string) => `https://${letter.repeat(32)}.gr7.eu-west-1.eks.amazonaws.com`;
  const listed = (server: string) =>
    accessList(
      { cluster: "lab", region: "eu-west-1", server },
      {
        describeCluster: async () => ({ cluster: { name: "lab", endpoint: host("A") } }),
        listAccessEntries: async () => [],
      } as unknown as AwsCalls,
      { awsAuth: async () => null, rbac: async () => ({ items: [] }) } as unknown as KubeCalls,
    );

  it("is not made of two clusters that have the same name in two accounts", async () => {
    await assert.rejects(listed(host("B")), { code: "cluster-mismatch" });
    assert.deepEqual((await listed(host("A"))).principals, []);
    assert.deepEqual((await listed("https://localhost:8443")).principals, [], "a tunnel can lead anywhere");
  });
});
