import type { PolicyRule, RbacBinding, RbacRole } from "../../model.ts";

const READ = ["get", "list", "watch"];
const WRITE = ["create", "delete", "deletecollection", "patch", "update"];
const RBAC = "rbac.authorization.k8s.io";
const BOOTSTRAP = { "kubernetes.io/bootstrapping": "rbac-defaults" };

function aggregateTo(role: string): Record<string, string> {
  return { [`${RBAC}/aggregate-to-${role}`]: "true" };
}

function grant(verbs: string[], group: string, ...resources: string[]): PolicyRule {
  return { verbs, apiGroups: [group], resources };
}

const VIEW_RULES: PolicyRule[] = [
  grant(
    READ,
    "",
    "configmaps",
    "endpoints",
    "persistentvolumeclaims",
    "persistentvolumeclaims/status",
    "pods",
  ),
  grant(READ, "", "replicationcontrollers", "replicationcontrollers/scale", "serviceaccounts", "services"),
  grant(READ, "", "services/status", "bindings", "events", "limitranges", "namespaces/status", "pods/log"),
  grant(READ, "", "pods/status", "replicationcontrollers/status", "resourcequotas", "resourcequotas/status"),
  grant(READ, "", "namespaces"),
  grant(READ, "discovery.k8s.io", "endpointslices"),
  grant(READ, "apps", "controllerrevisions", "daemonsets", "daemonsets/status"),
  grant(READ, "apps", "deployments", "deployments/scale", "deployments/status"),
  grant(READ, "apps", "replicasets", "replicasets/scale", "replicasets/status"),
  grant(READ, "apps", "statefulsets", "statefulsets/scale", "statefulsets/status"),
  grant(READ, "autoscaling", "horizontalpodautoscalers", "horizontalpodautoscalers/status"),
  grant(READ, "batch", "cronjobs", "cronjobs/status", "jobs", "jobs/status"),
  grant(READ, "policy", "poddisruptionbudgets", "poddisruptionbudgets/status"),
  grant(READ, "networking.k8s.io", "ingresses", "ingresses/status", "networkpolicies"),
];

const EDIT_RULES: PolicyRule[] = [
  grant(READ, "", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"),
  grant(["impersonate"], "", "serviceaccounts"),
  grant(WRITE, "", "pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy"),
  grant(["create"], "", "pods/eviction", "serviceaccounts/token"),
  grant(WRITE, "", "configmaps", "events", "persistentvolumeclaims", "replicationcontrollers"),
  grant(
    WRITE,
    "",
    "replicationcontrollers/scale",
    "secrets",
    "serviceaccounts",
    "services",
    "services/proxy",
  ),
  grant(WRITE, "apps", "daemonsets", "deployments", "deployments/rollback", "deployments/scale"),
  grant(WRITE, "apps", "replicasets", "replicasets/scale", "statefulsets", "statefulsets/scale"),
  grant(WRITE, "autoscaling", "horizontalpodautoscalers"),
  grant(WRITE, "batch", "cronjobs", "jobs"),
  grant(WRITE, "policy", "poddisruptionbudgets"),
  grant(WRITE, "networking.k8s.io", "ingresses", "networkpolicies"),
  grant([...READ, ...WRITE], "coordination.k8s.io", "leases"),
];

const ADMIN_RULES: PolicyRule[] = [
  grant(["create"], "authorization.k8s.io", "localsubjectaccessreviews"),
  grant([...READ, ...WRITE], RBAC, "roles", "rolebindings"),
];

const PUBLIC_PATHS = ["/healthz", "/livez", "/readyz", "/version", "/version/"];
const DISCOVERY_PATHS = ["/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*"];

/**
 * The ClusterRoles people meet, with the rules of Kubernetes' own bootstrap policy for its built-in resources. The
 * roles of controllers, nodes and the scheduler are absent: nobody of the lab is one.
 *
 * Source: kubernetes/kubernetes, plugin/pkg/auth/authorizer/rbac/bootstrappolicy.
 */
export const DEFAULT_ROLES: readonly RbacRole[] = [
  {
    name: "cluster-admin",
    rules: [
      { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
      { verbs: ["*"], nonResourceURLs: ["*"] },
    ],
  },
  { name: "admin", rules: [], aggregates: [aggregateTo("admin")] },
  { name: "edit", rules: [], aggregates: [aggregateTo("edit")], labels: aggregateTo("admin") },
  { name: "view", rules: [], aggregates: [aggregateTo("view")], labels: aggregateTo("edit") },
  { name: "system:aggregate-to-admin", rules: ADMIN_RULES, labels: aggregateTo("admin") },
  { name: "system:aggregate-to-edit", rules: EDIT_RULES, labels: aggregateTo("edit") },
  { name: "system:aggregate-to-view", rules: VIEW_RULES, labels: aggregateTo("view") },
  {
    name: "system:basic-user",
    rules: [
      grant(["create"], "authorization.k8s.io", "selfsubjectaccessreviews", "selfsubjectrulesreviews"),
      grant(["create"], "authentication.k8s.io", "selfsubjectreviews"),
    ],
  },
  {
    name: "system:discovery",
    rules: [{ verbs: ["get"], nonResourceURLs: [...DISCOVERY_PATHS, ...PUBLIC_PATHS] }],
  },
  { name: "system:public-info-viewer", rules: [{ verbs: ["get"], nonResourceURLs: PUBLIC_PATHS }] },
].map((role) => ({ ...role, labels: { ...BOOTSTRAP, ...role.labels } }));

function bindGroups(role: string, ...groups: string[]): RbacBinding {
  const subjects = groups.map((name) => ({ kind: "Group" as const, name }));
  return { name: role, roleRef: { kind: "ClusterRole", name: role }, subjects };
}

/** Who has them: ClusterRoleBindings of the same file. */
export const DEFAULT_BINDINGS: readonly RbacBinding[] = [
  bindGroups("cluster-admin", "system:masters"),
  bindGroups("system:basic-user", "system:authenticated"),
  bindGroups("system:discovery", "system:authenticated"),
  bindGroups("system:public-info-viewer", "system:authenticated", "system:unauthenticated"),
];
