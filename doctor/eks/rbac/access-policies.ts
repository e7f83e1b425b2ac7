import { ownValue } from "../../../token/record.ts";
import { globCovers } from "../../../token/text/glob.ts";
import type { RbacRuleJson } from "../../evidence/evidence.ts";

const READ = ["get", "list", "watch"];
const WRITE = ["create", "delete", "deletecollection", "patch", "update"];
const BOTH = [...READ, ...WRITE];
const NONE: readonly string[] = [];

/** One line of the published tables: the verbs that View, Edit and Admin have on these resources of each API group. */
interface Line {
  readonly verbs: readonly [view: readonly string[], edit: readonly string[], admin: readonly string[]];
  readonly on: Readonly<Record<string, readonly string[]>>;
}

/**
 * What the three policies for users grant in a namespace. Resources that are not here are not in AWS's tables either: nodes,
 * volumes, metrics, evictions, ephemeral containers, tokens, leases, every custom resource.
 *
 * Source: doctor/EKS-ACCESS.md, "Access policies".
 */
const TABLE: readonly Line[] = [
  {
    verbs: [READ, BOTH, BOTH],
    on: {
      "": [
        "pods",
        "configmaps",
        "services",
        "persistentvolumeclaims",
        "serviceaccounts",
        "replicationcontrollers",
        "replicationcontrollers/scale",
      ],
      apps: [
        "deployments",
        "deployments/scale",
        "replicasets",
        "replicasets/scale",
        "statefulsets",
        "statefulsets/scale",
        "daemonsets",
      ],
      autoscaling: ["horizontalpodautoscalers"],
      batch: ["cronjobs", "jobs"],
      "networking.k8s.io": ["ingresses", "networkpolicies"],
      policy: ["poddisruptionbudgets"],
    },
  },
  {
    verbs: [READ, READ, READ],
    on: {
      "": [
        "bindings",
        "endpoints",
        "limitranges",
        "namespaces",
        "namespaces/status",
        "persistentvolumeclaims/status",
        "pods/log",
        "pods/status",
        "replicationcontrollers/status",
        "resourcequotas",
        "resourcequotas/status",
        "services/status",
      ],
      apps: [
        "controllerrevisions",
        "daemonsets/status",
        "deployments/status",
        "replicasets/status",
        "statefulsets/status",
      ],
      autoscaling: ["horizontalpodautoscalers/status"],
      batch: ["cronjobs/status", "jobs/status"],
      "discovery.k8s.io": ["endpointslices"],
      "networking.k8s.io": ["ingresses/status"],
      policy: ["poddisruptionbudgets/status"],
    },
  },
  { verbs: [READ, BOTH, BOTH], on: { "": ["events"] } },
  {
    verbs: [NONE, BOTH, BOTH],
    on: { "": ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"] },
  },
  { verbs: [NONE, ["impersonate"], ["impersonate"]], on: { "": ["serviceaccounts"] } },
  { verbs: [NONE, NONE, BOTH], on: { "rbac.authorization.k8s.io": ["rolebindings", "roles"] } },
  { verbs: [NONE, NONE, ["create"]], on: { "authorization.k8s.io": ["localsubjectaccessreviews"] } },
];

function column(index: 0 | 1 | 2): RbacRuleJson[] {
  return TABLE.flatMap(({ verbs, on }) =>
    Object.entries(on).flatMap(([group, resources]) =>
      verbs[index].length === 0 ? [] : [{ verbs: verbs[index], apiGroups: [group], resources }],
    ),
  );
}

/**
 * The policies whose contents are published, by the last part of their ARN. AdminView reads everything, including secrets and
 * custom resources; whether it allows `exec` over WebSocket, which is a read, depends on versions.
 *
 * Source: doctor/EKS-ACCESS.md, "Access policies".
 */
const PUBLISHED: Readonly<Record<string, readonly RbacRuleJson[]>> = {
  AmazonEKSViewPolicy: column(0),
  AmazonEKSEditPolicy: column(1),
  AmazonEKSAdminPolicy: column(2),
  AmazonEKSAdminViewPolicy: [{ verbs: READ, apiGroups: ["*"], resources: ["*"] }],
  AmazonEKSClusterAdminPolicy: [
    { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
    { verbs: ["*"], nonResourceURLs: ["*"] },
  ],
  AmazonEKSSecretReaderPolicy: [{ verbs: READ, apiGroups: [""], resources: ["secrets"] }],
  AmazonEKSSecretAdminPolicy: [{ verbs: ["*"], apiGroups: [""], resources: ["secrets"] }],
};

/** What a policy grants, as rules in RBAC's form; undefined for a policy whose contents AWS does not publish. */
export function policyRules(name: string): readonly RbacRuleJson[] | undefined {
  return ownValue(PUBLISHED, name);
}

/**
 * Policies that AWS reserves for its own service-linked roles; no other principal can have them. Source: doctor/EKS-ACCESS.md,
 * "Access policies".
 */
export const SERVICE_LINKED_POLICIES: readonly string[] = [
  "AmazonEKSClusterInsightsPolicy",
  "AmazonEKSHybridPolicy",
  "AmazonEKSPodIdentityPolicy",
];

/** `AmazonEKSViewPolicy` of `arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy`. */
export function policyName(policyArn: string): string {
  return policyArn.split("/").at(-1) ?? policyArn;
}

/**
 * Whether a name or wildcard of an access scope covers a namespace. `*` stands for any text, even an empty one, so `dev-*` covers
 * `dev-a` but not `dev`. Source: doctor/EKS-ACCESS.md, "Access scope", "Not settled".
 */
export function coversNamespace(pattern: string, namespace: string): boolean {
  return globCovers(pattern, namespace, "");
}

/**
 * The wildcard of a scope that looks as if it covered a namespace, but does not: `dev-*` for `dev` or `development`, `*-dev` for
 * `dev`. Only for namespaces that no pattern of the scope covers.
 */
export function nearGlob(scope: readonly string[], namespace: string): string | undefined {
  return scope.find((pattern) => {
    if (!pattern.includes("*")) return false;
    const stem = pattern.replaceAll("*", "").replaceAll(/^[-.]+|(?<![-.])[-.]+$/g, "");
    if (stem.length < 2) return false;
    return pattern.startsWith("*") ? namespace.endsWith(stem) : namespace.startsWith(stem);
  });
}
