import assert from "node:assert/strict";
import { policyName, policyRules } from "../../../../doctor/eks/rbac/access-policies.ts";
import { rulesAllow } from "../../../../doctor/eks/rbac/rbac-rule.ts";
import { ACCESS_POLICIES } from "../../../lab/kube/access-policies.ts";
import { ruleAllows } from "../../../lab/kube/authorization/rule-match.ts";

const VERBS = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
  "impersonate",
  "bind",
  "escalate",
];

/** Every resource that either table names, some that none does, and each of them with every subresource. */
function targets(): readonly {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
}[] {
  const named = Object.values(ACCESS_POLICIES).flatMap((rules) =>
    rules.flatMap(({ apiGroups = [], resources = [] }) =>
      apiGroups.flatMap((group) => resources.map((resource) => `${group} ${resource}`)),
    ),
  );
  const own = Object.keys(ACCESS_POLICIES).flatMap((name) =>
    (policyRules(name) ?? []).flatMap(({ apiGroups = [], resources = [] }) =>
      apiGroups.flatMap((group) => resources.map((resource) => `${group} ${resource}`)),
    ),
  );
  const others = [
    " nodes",
    " persistentvolumes",
    "rbac.authorization.k8s.io clusterroles",
    "metrics.k8s.io pods",
    "monitoring.coreos.com servicemonitors",
    "coordination.k8s.io leases",
    " serviceaccounts/token",
    " pods/eviction",
    " pods/ephemeralcontainers",
  ];
  const all = [...new Set([...named, ...own, ...others])].map((text) => {
    const [group = "", path = ""] = text.split(" ");
    const [resource = "", subresource = ""] = path.split("/");
    return { group, resource, subresource };
  });
  const subresources = [...new Set(all.map(({ subresource }) => subresource))];
  return all.flatMap((target) => subresources.map((subresource) => ({ ...target, subresource })));
}

describe("policyRules", () => {
  for (const [name, labRules] of Object.entries(ACCESS_POLICIES)) {
    it(`agrees with the lab's own table of ${name}, over every resource and verb`, () => {
      const asked = targets().flatMap((target) => VERBS.map((verb) => ({ ...target, verb })));
      const differing = asked.filter((attempt) => {
        const inLab = labRules.some((rule) =>
          ruleAllows(rule, { ...attempt, version: "*", namespace: "web", name: "" }),
        );
        return inLab !== rulesAllow(policyRules(name) ?? [], { ...attempt, namespace: "web" });
      });
      assert.deepEqual(differing, []);
      assert.ok(asked.length > 5000, `${asked.length} questions`);
    });
  }

  it("grants paths to ClusterAdmin alone", () => {
    const attempt = { verb: "get", path: "/metrics" };
    const granting = Object.keys(ACCESS_POLICIES).filter((name) =>
      rulesAllow(policyRules(name) ?? [], attempt),
    );
    assert.deepEqual(granting, ["AmazonEKSClusterAdminPolicy"]);
  });

  it("does not pretend to know what AWS does not publish", () => {
    assert.equal(policyRules("AmazonEKSACKPolicy"), undefined);
    assert.equal(policyRules("toString"), undefined);
  });
});

describe("policyName", () => {
  it("is the end of the ARN", () => {
    assert.equal(
      policyName("arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"),
      "AmazonEKSViewPolicy",
    );
  });
});
