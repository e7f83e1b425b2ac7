/** One kind of object the API serves. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** `deployments` */
  readonly name: string;
  /** `deployment` */
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly verbs: readonly string[];
  readonly inAll: boolean;
  readonly subresources: readonly string[];
}

const STORED = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const REVIEW = ["create"];

type Row = readonly [names: string, kind: string, scope: "ns" | "cluster", more?: Partial<Resource>];

const ALL = { inAll: true };
const REVIEWS = { verbs: REVIEW };

/** Group and version, then `name,short names`. The built-in API of Kubernetes as far as people touch it. */
const TABLE: Readonly<Record<string, readonly Row[]>> = {
  "/v1": [
    ["configmaps,cm", "ConfigMap", "ns"],
    ["endpoints,ep", "Endpoints", "ns", { singular: "endpoints" }],
    ["events,ev", "Event", "ns"],
    ["limitranges,limits", "LimitRange", "ns"],
    ["namespaces,ns", "Namespace", "cluster"],
    ["nodes,no", "Node", "cluster"],
    ["persistentvolumeclaims,pvc", "PersistentVolumeClaim", "ns"],
    ["persistentvolumes,pv", "PersistentVolume", "cluster"],
    [
      "pods,po",
      "Pod",
      "ns",
      { inAll: true, subresources: ["attach", "eviction", "exec", "log", "portforward", "proxy", "status"] },
    ],
    ["replicationcontrollers,rc", "ReplicationController", "ns", ALL],
    ["resourcequotas,quota", "ResourceQuota", "ns"],
    ["secrets", "Secret", "ns"],
    ["serviceaccounts,sa", "ServiceAccount", "ns", { subresources: ["token"] }],
    ["services,svc", "Service", "ns", ALL],
  ],
  "apps/v1": [
    ["controllerrevisions", "ControllerRevision", "ns"],
    ["daemonsets,ds", "DaemonSet", "ns", ALL],
    ["deployments,deploy", "Deployment", "ns", { inAll: true, subresources: ["scale", "status"] }],
    ["replicasets,rs", "ReplicaSet", "ns", ALL],
    ["statefulsets,sts", "StatefulSet", "ns", { inAll: true, subresources: ["scale", "status"] }],
  ],
  "batch/v1": [
    ["cronjobs,cj", "CronJob", "ns", ALL],
    ["jobs", "Job", "ns", ALL],
  ],
  "autoscaling/v2": [["horizontalpodautoscalers,hpa", "HorizontalPodAutoscaler", "ns", ALL]],
  "policy/v1": [["poddisruptionbudgets,pdb", "PodDisruptionBudget", "ns"]],
  "networking.k8s.io/v1": [
    ["ingresses,ing", "Ingress", "ns", { singular: "ingress" }],
    ["ingressclasses", "IngressClass", "cluster", { singular: "ingressclass" }],
    ["networkpolicies,netpol", "NetworkPolicy", "ns", { singular: "networkpolicy" }],
  ],
  "discovery.k8s.io/v1": [["endpointslices", "EndpointSlice", "ns"]],
  "coordination.k8s.io/v1": [["leases", "Lease", "ns"]],
  "storage.k8s.io/v1": [["storageclasses,sc", "StorageClass", "cluster", { singular: "storageclass" }]],
  "rbac.authorization.k8s.io/v1": [
    ["clusterrolebindings", "ClusterRoleBinding", "cluster"],
    ["clusterroles", "ClusterRole", "cluster"],
    ["rolebindings", "RoleBinding", "ns"],
    ["roles", "Role", "ns"],
  ],
  "authentication.k8s.io/v1": [["selfsubjectreviews", "SelfSubjectReview", "cluster", REVIEWS]],
  "authorization.k8s.io/v1": [
    ["localsubjectaccessreviews", "LocalSubjectAccessReview", "ns", REVIEWS],
    ["selfsubjectaccessreviews", "SelfSubjectAccessReview", "cluster", REVIEWS],
    ["selfsubjectrulesreviews", "SelfSubjectRulesReview", "cluster", REVIEWS],
    ["subjectaccessreviews", "SubjectAccessReview", "cluster", REVIEWS],
  ],
  "apiextensions.k8s.io/v1": [["customresourcedefinitions,crd,crds", "CustomResourceDefinition", "cluster"]],
  "admissionregistration.k8s.io/v1": [
    ["mutatingwebhookconfigurations", "MutatingWebhookConfiguration", "cluster"],
    ["validatingwebhookconfigurations", "ValidatingWebhookConfiguration", "cluster"],
  ],
};

/** Everything the API serves; one version per group. Custom resources and the metrics API are absent. */
export const RESOURCES: readonly Resource[] = Object.entries(TABLE).flatMap(([groupVersion, rows]) => {
  const [group = "", version = ""] = groupVersion.split("/");
  return rows.map(([names, kind, scope, more]) => {
    const [name = "", ...shortNames] = names.split(",");
    return {
      group,
      version,
      name,
      singular: name.replace(/s$/, ""),
      kind,
      namespaced: scope === "ns",
      shortNames,
      verbs: STORED,
      inAll: false,
      subresources: [],
      ...more,
    };
  });
});

/** The resource of a path's group, version and name. */
export function findResource(group: string, version: string, name: string): Resource | undefined {
  return RESOURCES.find(
    (resource) => resource.group === group && resource.version === version && resource.name === name,
  );
}

/** `v1`, `apps/v1`: what objects carry as apiVersion. */
export function apiVersionOf({ group, version }: Pick<Resource, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}

/** `deployments.apps`: how messages name a resource. */
export function qualifiedName(group: string, resource: string): string {
  return group === "" ? resource : `${resource}.${group}`;
}
