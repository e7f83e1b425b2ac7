import type { PolicyRule } from "../model.ts";

/**
 * What EKS's access policies for people grant, as rules in RBAC's form. Every other policy (those of
 * AWS's own controllers and agents) grants nothing here: their contents are not published.
 *
 * Source: doctor/EKS-ACCESS.md, "Access policies"; a resource missing there is missing here.
 */

const READ = ["get", "list", "watch"];
const WRITE = ["create", "delete", "deletecollection", "patch", "update"];
const BOTH = [...READ, ...WRITE];

const WORKLOADS: [group: string, ...resources: string[]][] = [
  ["apps", "deployments", "deployments/scale", "replicasets", "replicasets/scale"],
  ["apps", "statefulsets", "statefulsets/scale", "daemonsets"],
  ["batch", "jobs", "cronjobs"],
  ["autoscaling", "horizontalpodautoscalers"],
  ["policy", "poddisruptionbudgets"],
  ["networking.k8s.io", "ingresses", "networkpolicies"],
  ["", "pods", "configmaps", "services", "persistentvolumeclaims", "serviceaccounts"],
  ["", "replicationcontrollers", "replicationcontrollers/scale"],
];

const WATCHED: [group: string, ...resources: string[]][] = [
  ["apps", "controllerrevisions", "deployments/status", "replicasets/status"],
  ["apps", "statefulsets/status", "daemonsets/status"],
  ["batch", "jobs/status", "cronjobs/status"],
  ["autoscaling", "horizontalpodautoscalers/status"],
  ["policy", "poddisruptionbudgets/status"],
  ["networking.k8s.io", "ingresses/status"],
  ["", "pods/log", "pods/status", "events", "endpoints", "limitranges", "resourcequotas", "bindings"],
  ["", "resourcequotas/status", "replicationcontrollers/status", "services/status", "namespaces/status"],
  ["", "persistentvolumeclaims/status", "namespaces"],
  ["discovery.k8s.io", "endpointslices"],
];

const POD_DOORS = ["pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy"];

function grant(verbs: string[], targets: typeof WORKLOADS): PolicyRule[] {
  return targets.map(([group, ...resources]) => ({ verbs, apiGroups: [group], resources }));
}

const VIEW = grant(READ, [...WORKLOADS, ...WATCHED]);
const EDIT = [
  ...grant(BOTH, [...WORKLOADS, ["", ...POD_DOORS, "secrets"]]),
  ...grant(READ, WATCHED),
  ...grant(WRITE, [["", "events"]]),
  ...grant(["impersonate"], [["", "serviceaccounts"]]),
];
const ADMIN = [
  ...EDIT,
  ...grant(BOTH, [["rbac.authorization.k8s.io", "roles", "rolebindings"]]),
  ...grant(["create"], [["authorization.k8s.io", "localsubjectaccessreviews"]]),
];

/** By the name at the end of the policy's ARN. */
export const ACCESS_POLICIES: Readonly<Record<string, readonly PolicyRule[]>> = {
  AmazonEKSViewPolicy: VIEW,
  AmazonEKSEditPolicy: EDIT,
  AmazonEKSAdminPolicy: ADMIN,
  AmazonEKSAdminViewPolicy: grant(READ, [["*", "*"]]),
  AmazonEKSClusterAdminPolicy: [...grant(["*"], [["*", "*"]]), { verbs: ["*"], nonResourceURLs: ["*"] }],
  AmazonEKSSecretReaderPolicy: grant(READ, [["", "secrets"]]),
  AmazonEKSSecretAdminPolicy: grant(["*"], [["", "secrets"]]),
};
