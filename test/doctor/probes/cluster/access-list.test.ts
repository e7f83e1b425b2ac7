import assert from "node:assert/strict";
import { DEFAULT_RBAC } from "../../../../doctor/eks/rbac/default-rbac.ts";
import type { RbacObjectJson } from "../../../../doctor/evidence/evidence.ts";
import type { AwsCalls } from "../../../../doctor/probes/aws/aws-calls.ts";
import { accessList } from "../../../../doctor/probes/cluster/access-list.ts";
import type { KubeCalls } from "../../../../doctor/probes/cluster/kube-calls.ts";

const DEV = "arn:aws:iam::111122223333:role/Dev";

describe("the list of who has access", () => {
  const host = (letter: string) => `https://${letter.repeat(32)}.gr7.eu-west-1.eks.amazonaws.com`;
  const listed = (server: string, items: readonly RbacObjectJson[] = []) =>
    accessList(
      { cluster: "lab", region: "eu-west-1", server },
      {
        describeCluster: async () => ({ cluster: { name: "lab", endpoint: host("A") } }),
        listAccessEntries: async () => [DEV],
        describeAccessEntry: async () => ({ accessEntry: { principalArn: DEV, username: "dev" } }),
        listAssociatedPolicies: async () => ({ associatedAccessPolicies: [] }),
        getRole: async () => ({ Role: {} }),
      } as unknown as AwsCalls,
      { awsAuth: async () => null, rbac: async () => ({ items }) } as unknown as KubeCalls,
    );

  it("is not made of two clusters that have the same name in two accounts", async () => {
    await assert.rejects(listed(host("B")), { code: "cluster-mismatch" });
    for (const server of [host("A"), "https://localhost:8443"])
      assert.deepEqual((await listed(server)).principals[0]?.principal, DEV, "a tunnel can lead anywhere");
  });

  it("has what everyone is granted, but not by Kubernetes itself, whatever a binding calls itself", async () => {
    const labels = { "kubernetes.io/bootstrapping": "rbac-defaults" };
    const planted: RbacObjectJson = {
      kind: "ClusterRoleBinding",
      metadata: { name: "planted", labels },
      roleRef: { kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "Group", name: "system:authenticated" }],
    };
    const empty = { ...planted, metadata: { name: "empty" }, subjects: null } as unknown as RbacObjectJson;
    const { principals } = await listed(host("A"), [...DEFAULT_RBAC, planted, empty]);
    assert.deepEqual(
      principals[0]?.bindings.map(({ binding, role }) => [binding, role]),
      [["ClusterRoleBinding planted", "ClusterRole cluster-admin"]],
    );
  });
});
