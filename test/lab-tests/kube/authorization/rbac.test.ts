import assert from "node:assert/strict";
import { defaultRbac } from "../../../lab/kube/authorization/default-rbac.ts";
import { askRbac, rulesFor } from "../../../lab/kube/authorization/rbac.ts";
import type { PolicyRule, RbacBinding, RbacRole } from "../../../lab/model.ts";

const DEFAULTS = defaultRbac();
const DEV = { username: "dev", groups: ["devs", "system:authenticated"], extra: {} };
const LIST_PODS = {
  ...{ verb: "list", group: "", version: "v1", resource: "pods", subresource: "", namespace: "x", name: "" },
};

function role(name: string, rule: PolicyRule, more: Partial<RbacRole> = {}): RbacRole {
  return { name, rules: [rule], ...more };
}

function bind(roleRef: RbacBinding["roleRef"], more: Partial<RbacBinding> = {}): RbacBinding {
  return { name: "b", roleRef, subjects: [{ kind: "Group", name: "devs" }], ...more };
}

/** Whether a single rule, bound cluster-wide, grants this. */
function allows(rule: PolicyRule, asked: Parameters<typeof askRbac>[2]): boolean {
  const policy = { roles: [role("r", rule)], bindings: [bind({ kind: "ClusterRole", name: "r" })] };
  return askRbac(policy, DEV, asked).allowed;
}

describe("RBAC", () => {
  const pods: PolicyRule = { verbs: ["list"], apiGroups: [""], resources: ["pods"] };

  const rules: readonly [
    name: string,
    rule: PolicyRule,
    asked: Parameters<typeof askRbac>[2],
    allowed: boolean,
  ][] = [
    ["grants what it says", pods, LIST_PODS, true],
    ["does not grant another verb", pods, { ...LIST_PODS, verb: "get" }, false],
    ["does not grant another group", pods, { ...LIST_PODS, group: "metrics.k8s.io" }, false],
    ["does not grant a subresource with its resource", pods, { ...LIST_PODS, subresource: "log" }, false],
    [
      "grants a subresource by its name",
      { ...pods, resources: ["pods/log"] },
      { ...LIST_PODS, subresource: "log" },
      true,
    ],
    [
      "grants */log for any resource",
      { ...pods, resources: ["*/log"] },
      { ...LIST_PODS, subresource: "log" },
      true,
    ],
    [
      "grants all by *",
      { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
      { ...LIST_PODS, subresource: "exec" },
      true,
    ],
    ["grants a name", { ...pods, resourceNames: ["a"] }, { ...LIST_PODS, name: "a" }, true],
    ["grants no other name", { ...pods, resourceNames: ["a"] }, { ...LIST_PODS, name: "b" }, false],
    ["grants no list of a name", { ...pods, resourceNames: ["a"] }, LIST_PODS, false],
    [
      "grants a path",
      { verbs: ["get"], nonResourceURLs: ["/metrics"] },
      { verb: "get", path: "/metrics" },
      true,
    ],
    [
      "grants paths below",
      { verbs: ["get"], nonResourceURLs: ["/logs/*"] },
      { verb: "get", path: "/logs/a/b" },
      true,
    ],
    [
      "grants no path above",
      { verbs: ["get"], nonResourceURLs: ["/logs/*"] },
      { verb: "get", path: "/logs" },
      false,
    ],
    ["grants no objects with paths", { verbs: ["*"], nonResourceURLs: ["*"] }, LIST_PODS, false],
  ];
  for (const [name, rule, asked, allowed] of rules) {
    it(name, () => assert.equal(allows(rule, asked), allowed));
  }

  it("keeps a RoleBinding in its namespace", () => {
    const policy = {
      roles: DEFAULTS.roles,
      bindings: [bind({ kind: "ClusterRole", name: "view" }, { name: "devs-view", namespace: "x" })],
    };
    assert.deepEqual(
      ["x", "y", ""].map((namespace) => askRbac(policy, DEV, { ...LIST_PODS, namespace })),
      [
        {
          allowed: true,
          reason: 'RBAC: allowed by RoleBinding "devs-view/x" of ClusterRole "view" to Group "devs"',
        },
        { allowed: false, reason: "" },
        { allowed: false, reason: "" },
      ],
    );
  });

  it("finds a Role only in the binding's namespace", () => {
    const policy = (namespace: string) => ({
      roles: [role("r", pods, { namespace })],
      bindings: [bind({ kind: "Role", name: "r" }, { namespace: "x" })],
    });
    assert.deepEqual(
      [askRbac(policy("x"), DEV, LIST_PODS).allowed, askRbac(policy("y"), DEV, LIST_PODS)],
      [true, { allowed: false, reason: 'RBAC: role.rbac.authorization.k8s.io "r" not found' }],
    );
  });

  it("tells of a role that does not exist, once", () => {
    const missing = { kind: "ClusterRole", name: "does-not-exist" } as const;
    const policy = { roles: [], bindings: [bind(missing), bind(missing, { name: "c", namespace: "x" })] };
    assert.deepEqual(askRbac(policy, DEV, LIST_PODS), {
      allowed: false,
      reason: 'RBAC: clusterrole.rbac.authorization.k8s.io "does-not-exist" not found',
    });
  });

  it("knows users, groups and service accounts", () => {
    const policy = (subject: RbacBinding["subjects"][number]) => ({
      roles: [role("r", pods)],
      bindings: [bind({ kind: "ClusterRole", name: "r" }, { namespace: "x", subjects: [subject] })],
    });
    const robot = { username: "system:serviceaccount:x:robot", groups: [], extra: {} };
    assert.deepEqual(
      [
        askRbac(policy({ kind: "User", name: "dev" }), DEV, LIST_PODS).reason,
        askRbac(policy({ kind: "User", name: "DEV" }), DEV, LIST_PODS).reason,
        askRbac(policy({ kind: "ServiceAccount", name: "robot" }), robot, LIST_PODS).reason,
        askRbac(policy({ kind: "ServiceAccount", name: "robot", namespace: "y" }), robot, LIST_PODS).reason,
      ],
      [
        'RBAC: allowed by RoleBinding "b/x" of ClusterRole "r" to User "dev"',
        "",
        'RBAC: allowed by RoleBinding "b/x" of ClusterRole "r" to ServiceAccount "robot/x"',
        "",
      ],
    );
  });

  it("adds rules to view by label, and so to edit and admin", () => {
    const widgets: PolicyRule = { verbs: ["get"], apiGroups: ["example.com"], resources: ["widgets"] };
    const labels = { "rbac.authorization.k8s.io/aggregate-to-view": "true" };
    const asked = { ...LIST_PODS, verb: "get", group: "example.com", resource: "widgets" };
    const answers = ["view", "edit", "admin"].map((name) => {
      const policy = {
        roles: [...DEFAULTS.roles, role("w", widgets, { labels })],
        bindings: [bind({ kind: "ClusterRole", name })],
      };
      return askRbac(policy, DEV, asked).allowed;
    });
    assert.deepEqual(answers, [true, true, true]);
  });

  /** Source: Kubernetes, RBAC reference, "User-facing roles". */
  const roles: readonly [role: string, verb: string, resource: string, allowed: boolean][] = [
    ["view", "list", "pods", true],
    ["view", "get", "secrets", false],
    ["view", "get", "roles@rbac.authorization.k8s.io", false],
    ["view", "create", "pods", false],
    ["edit", "create", "pods", true],
    ["edit", "get", "secrets", true],
    ["edit", "create", "roles@rbac.authorization.k8s.io", false],
    ["edit", "update", "resourcequotas", false],
    ["admin", "create", "roles@rbac.authorization.k8s.io", true],
    ["admin", "update", "namespaces", false],
    ["cluster-admin", "update", "nodes", true],
  ];
  for (const [name, verb, target, allowed] of roles) {
    it(`${allowed ? "lets" : "does not let"} ${name} ${verb} ${target}`, () => {
      const [resource = "", group = ""] = target.split("@");
      const policy = { roles: DEFAULTS.roles, bindings: [bind({ kind: "ClusterRole", name })] };
      assert.equal(askRbac(policy, DEV, { ...LIST_PODS, verb, resource, group }).allowed, allowed);
    });
  }

  it("gives everybody who is let in discovery and reviews of themselves, and no more", () => {
    const user = { username: "u", groups: ["system:authenticated"], extra: {} };
    const held = rulesFor(DEFAULTS, user, "x").rules;
    assert.deepEqual(
      [...new Set(held.map(({ source }) => source))],
      ["system:basic-user", "system:discovery", "system:public-info-viewer"].map(
        (name) => `ClusterRoleBinding "${name}" of ClusterRole "${name}" to Group "system:authenticated"`,
      ),
    );
  });

  it("gives system:masters everything", () => {
    const master = { username: "m", groups: ["system:masters"], extra: {} };
    assert.equal(askRbac(DEFAULTS, master, { verb: "get", path: "/metrics" }).allowed, true);
  });
});
