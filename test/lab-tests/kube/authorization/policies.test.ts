import assert from "node:assert/strict";
import { askPolicies } from "../../../lab/kube/authorization/policies.ts";
import { entryFor, policyOf } from "../support/kube-lab.ts";

const POLICIES = ["View", "Edit", "Admin", "AdminView", "ClusterAdmin"] as const;
const READ = ["get", "list", "watch"];
const WRITE = ["create", "delete", "deletecollection", "patch", "update"];

/** May the holder of this policy, cluster-wide, do all these verbs, or none? Half is a bug of the table. */
function answer(policy: string, verbs: readonly string[], target: string): boolean {
  const [path = "", group = ""] = target.split("@");
  const [resource = "", subresource = ""] = path.split("/");
  const entry = entryFor("role/dev", { policies: [policyOf(`AmazonEKS${policy}Policy`)] });
  const question = { version: "v1", group, resource, subresource, namespace: "x", name: "" };
  const answers = new Set(verbs.map((verb) => askPolicies(entry, { ...question, verb }).allowed));
  assert.equal(answers.size, 1, `${policy} grants some of ${verbs.join()} on ${target}`);
  return answers.has(true);
}

/**
 * What each policy may: `-` nothing, `R` read, `W` read and write. Columns as POLICIES. Source: doctor/EKS-ACCESS.md,
 * "Access policies".
 */
const TABLE: readonly [grants: string, ...targets: string[]][] = [
  ["R W W R W", "deployments@apps", "deployments/scale@apps", "replicasets@apps", "statefulsets@apps"],
  ["R W W R W", "statefulsets/scale@apps", "replicasets/scale@apps", "daemonsets@apps"],
  ["R R R R W", "controllerrevisions@apps", "deployments/status@apps", "jobs/status@batch", "pods/status"],
  ["R W W R W", "jobs@batch", "cronjobs@batch", "horizontalpodautoscalers@autoscaling"],
  [
    "R W W R W",
    "poddisruptionbudgets@policy",
    "ingresses@networking.k8s.io",
    "networkpolicies@networking.k8s.io",
  ],
  ["R W W R W", "pods", "configmaps", "services", "persistentvolumeclaims", "serviceaccounts"],
  ["R W W R W", "replicationcontrollers", "replicationcontrollers/scale"],
  ["R W W R W", "events"],
  ["R R R R W", "pods/log", "endpoints", "endpointslices@discovery.k8s.io", "limitranges"],
  ["R R R R W", "resourcequotas", "bindings", "namespaces"],
  ["- W W R W", "pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy"],
  ["- W W R W", "secrets"],
  ["- - W R W", "roles@rbac.authorization.k8s.io", "rolebindings@rbac.authorization.k8s.io"],
  ["- - - R W", "nodes", "persistentvolumes", "storageclasses@storage.k8s.io"],
  ["- - - R W", "clusterroles@rbac.authorization.k8s.io", "customresourcedefinitions@apiextensions.k8s.io"],
  ["- - - R W", "validatingwebhookconfigurations@admissionregistration.k8s.io", "widgets@example.com"],
  ["- - - R W", "pods@metrics.k8s.io", "leases@coordination.k8s.io", "pods/eviction"],
  ["- - - R W", "pods/ephemeralcontainers", "serviceaccounts/token"],
];

describe("the access policies for people", () => {
  for (const [grants, ...targets] of TABLE) {
    for (const target of targets) {
      it(`grant on ${target}: ${grants} (${POLICIES.join(", ")})`, () => {
        const found = POLICIES.map((policy) => {
          if (answer(policy, WRITE, target)) return answer(policy, READ, target) ? "W" : "write only";
          return answer(policy, READ, target) ? "R" : "-";
        });
        assert.equal(found.join(" "), grants);
      });
    }
  }

  const special: readonly [verb: string, target: string, allowed: readonly string[]][] = [
    ["impersonate", "serviceaccounts", ["Edit", "Admin", "ClusterAdmin"]],
    ["impersonate", "users", ["ClusterAdmin"]],
    ["create", "localsubjectaccessreviews@authorization.k8s.io", ["Admin", "ClusterAdmin"]],
    ["escalate", "roles@rbac.authorization.k8s.io", ["ClusterAdmin"]],
    ["bind", "clusterroles@rbac.authorization.k8s.io", ["ClusterAdmin"]],
  ];
  for (const [verb, target, allowed] of special) {
    it(`grant ${verb} on ${target} to ${allowed.join(", ")}`, () => {
      assert.deepEqual(
        POLICIES.filter((policy) => answer(policy, [verb], target)),
        allowed,
      );
    });
  }

  it("grant paths that are no objects to ClusterAdmin alone", () => {
    const may = (policy: string) =>
      askPolicies(entryFor("role/dev", { policies: [policyOf(`AmazonEKS${policy}Policy`)] }), {
        verb: "get",
        path: "/metrics",
      }).allowed;
    assert.deepEqual(POLICIES.filter(may), ["ClusterAdmin"]);
  });

  it("let the secret reader read secrets and nothing else", () => {
    assert.deepEqual(
      [
        answer("SecretReader", READ, "secrets"),
        answer("SecretReader", WRITE, "secrets"),
        answer("SecretReader", READ, "pods"),
      ],
      [true, false, false],
    );
  });

  it("of AWS's own services grant nothing", () => {
    assert.equal(answer("Hybrid", READ, "nodes"), false);
  });
});

describe("a policy's scope", () => {
  const scoped = (...namespaces: string[]) =>
    entryFor("role/dev", { policies: [policyOf("AmazonEKSClusterAdminPolicy", ...namespaces)] });
  const pods = { verb: "list", version: "v1", group: "", resource: "pods", subresource: "", name: "" };

  const inside: readonly [pattern: string, namespace: string, allowed: boolean][] = [
    ["x", "x", true],
    ["x", "xy", false],
    ["dev-*", "dev-a", true],
    ["dev-*", "dev", false],
    ["*", "kube-system", true],
    ["d.v", "dev", false],
  ];
  for (const [pattern, namespace, allowed] of inside) {
    it(`${pattern} ${allowed ? "holds" : "does not hold"} namespace ${namespace}`, () => {
      assert.equal(askPolicies(scoped(pattern), { ...pods, namespace }).allowed, allowed);
    });
  }

  it("of namespaces never reaches all namespaces, cluster-wide objects or paths", () => {
    const entry = scoped("*");
    assert.deepEqual(
      [
        askPolicies(entry, { ...pods, namespace: "" }).allowed,
        askPolicies(entry, { ...pods, resource: "nodes", namespace: "" }).allowed,
        askPolicies(entry, { verb: "get", path: "/metrics" }).allowed,
      ],
      [false, false, false],
    );
  });

  it("of the cluster reaches all, and the reason is worded as in EKS's audit log", () => {
    const entry = entryFor("role/dev", { policies: [policyOf("AmazonEKSViewPolicy")] });
    const arn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
    assert.deepEqual(askPolicies(entry, { ...pods, namespace: "" }), {
      allowed: true,
      reason: `EKS Access Policy: allowed by ClusterRoleBinding "arn:aws:iam::111122223333:role/dev+${arn}" of ClusterRole "${arn}" to User "AROADEV00000000000000"`,
    });
  });

  it("adds up with that of other policies", () => {
    const entry = entryFor("role/dev", {
      policies: [policyOf("AmazonEKSViewPolicy", "a"), policyOf("AmazonEKSEditPolicy", "b")],
    });
    const may = (verb: string, namespace: string) => askPolicies(entry, { ...pods, verb, namespace }).allowed;
    assert.deepEqual(
      [may("list", "a"), may("create", "a"), may("create", "b"), may("list", "c")],
      [true, false, true, false],
    );
  });
});
