import assert from "node:assert/strict";
import { policyTooling } from "../../../../doctor/rules/authorization/policy-tooling.ts";
import {
  AUTHORIZATION_FAULTS,
  policy,
  refused,
  setGroups,
  verdict,
} from "../../support/authorization-faults.ts";
import { confidences, findingsOf, fixesOf, verdicts } from "../../support/credential-case.ts";

describe("policy-tooling", () => {
  it("grants evictions on the whole cluster, for drain", () => {
    assert.deepEqual(
      verdicts(policyTooling, AUTHORIZATION_FAULTS.P13),
      verdict("P13", [
        "kubectl apply -f vouch-pods-eviction-create.yaml",
        setGroups("vouch-pods-eviction-create"),
      ]),
    );
    assert.match(
      fixesOf(policyTooling, AUTHORIZATION_FAULTS.P13)[0]?.text ?? "",
      /^kind: ClusterRoleBinding$/m,
    );
  });

  for (const [tool, group, resource, subresource] of [
    ["kubectl top", "metrics.k8s.io", "pods", undefined],
    ["kubectl debug", "", "pods", "ephemeralcontainers"],
    ["kubectl create token", "", "serviceaccounts", "token"],
    ["Leader election", "coordination.k8s.io", "leases", undefined],
  ] as const) {
    it(`knows what ${tool} needs`, () => {
      const sub = subresource === undefined ? {} : { subresource };
      const attempt = { verb: "patch", group, resource, ...sub, namespace: "web" };
      const bundle = refused({ attempt, associated: [policy("Admin", "web")] });
      const [finding] = findingsOf(policyTooling, bundle) ?? [];
      assert.deepEqual([finding?.cause, finding?.confidence], ["P13", "certain"]);
      assert.equal(finding?.summary.startsWith(`${tool} needs to patch `), true);
    });
  }

  it("leaves nodes to the cluster scope (P3), unless the command drains", () => {
    const wanted = {
      attempt: { verb: "patch", group: "", resource: "nodes", name: "ip-10-0-1-7" },
      associated: [policy("Edit")],
    };
    assert.deepEqual(confidences(policyTooling, refused(wanted)), []);
    assert.deepEqual(
      confidences(policyTooling, refused({ ...wanted, command: "kubectl cordon ip-10-0-1-7" })),
      ["P13 certain"],
    );
  });
});
