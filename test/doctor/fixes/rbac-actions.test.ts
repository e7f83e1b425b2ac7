import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { createBinding, createRole, grantManifest, grantName } from "../../../doctor/fixes/rbac-actions.ts";
import { printed } from "../support/printed.ts";

const EVICT = { verb: "create", group: "", resource: "pods", subresource: "eviction", namespace: "web" };
const METRICS = { verb: "get", path: "/metrics" };

describe("grantName", () => {
  it("says what is granted, in a name that Kubernetes takes", () => {
    assert.deepEqual(
      [
        grantName(EVICT),
        grantName(METRICS),
        grantName({ verb: "watch", resource: "nodes" }),
        grantName({ verb: "impersonate-on:user-info:list", resource: "pods" }),
      ],
      [
        "vouch-pods-eviction-create",
        "vouch-paths-read",
        "vouch-nodes-read",
        "vouch-pods-impersonate-on-user-info-list",
      ],
    );
  });
});

describe("grantManifest", () => {
  it("makes a Role and a RoleBinding in the attempt's namespace", () => {
    const api = "rbac.authorization.k8s.io";
    const metadata = { name: "vouch-pods-eviction-create", namespace: "web" };
    assert.deepEqual(
      parseAllDocuments(grantManifest([EVICT], { kind: "Group", name: "drainers" })).map((document) =>
        document.toJS(),
      ),
      [
        {
          apiVersion: `${api}/v1`,
          kind: "Role",
          metadata,
          rules: [{ apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] }],
        },
        {
          apiVersion: `${api}/v1`,
          kind: "RoleBinding",
          metadata,
          roleRef: { apiGroup: api, kind: "Role", name: metadata.name },
          subjects: [{ apiGroup: api, kind: "Group", name: "drainers" }],
        },
      ],
    );
  });

  it("makes a ClusterRole for a path", () => {
    const [role] = parseAllDocuments(grantManifest([METRICS], { kind: "Group", name: "watchers" })).map(
      (document) => document.toJS(),
    );
    assert.deepEqual(
      [role.kind, role.rules],
      ["ClusterRole", [{ nonResourceURLs: ["/metrics"], verbs: ["get"] }]],
    );
  });
});

describe("createRole", () => {
  it("is what kubectl takes", () => {
    const scale = { verb: "patch", group: "apps", resource: "deployments", subresource: "scale" };
    assert.deepEqual([createRole("s", scale, "web"), createRole("m", METRICS, undefined)].flatMap(printed), [
      "kubectl create role s -n web --verb=patch --resource=deployments.apps/scale",
      "kubectl create clusterrole m --verb=get --non-resource-url=/metrics",
    ]);
  });
});

describe("createBinding", () => {
  it("is what kubectl takes", () => {
    const subject = { kind: "User", name: "ada" } as const;
    assert.deepEqual(
      [
        createBinding({ name: "b", role: { kind: "Role", name: "r" }, subject, namespace: "web" }),
        createBinding({ name: "b", role: { kind: "ClusterRole", name: "r" }, subject, namespace: undefined }),
      ].flatMap(printed),
      [
        "kubectl create rolebinding b -n web --role=r --user=ada",
        "kubectl create clusterrolebinding b --clusterrole=r --user=ada",
      ],
    );
  });
});
