import type { AccessRequest, DoctorEvidence, RbacObjectJson } from "../../../doctor/evidence/evidence.ts";
import { forbidden, pathForbidden } from "../../lab/kube/api/api-error.ts";
import { bindingShelf, roleShelf } from "../../lab/kube/api/rbac-objects.ts";
import { type Attributes, isPath } from "../../lab/kube/authorization/attributes.ts";
import { authorize } from "../../lab/kube/authorization/authorizer.ts";
import { forbiddenText } from "../../lab/kube/authorization/forbidden.ts";
import type { Cluster } from "../../lab/model.ts";
import { kubelogin, OIDC_PROVIDER } from "./authorization-faults.ts";
import { READ } from "./aws-auth-faults.ts";
import { healthyBundle } from "./bundle.ts";
import { type AskedCluster, askedClusters, SERVICE_ACCOUNT, userOf } from "./denied-clusters.ts";
import { mode, USER_CALLER } from "./mapping-faults.ts";

/** A request that the lab's authorizers deny, with all that can be seen of it. */
export interface Denial extends AskedCluster {
  readonly bundle: DoctorEvidence;
}

/** The first denials of the clusters of a seed. */
export function denials(seed: number, count: number): Denial[] {
  const found: Denial[] = [];
  for (const asked of askedClusters(seed)) {
    const decision = authorize(asked.cluster, userOf(asked), asked.attempt);
    if (decision.allowed) continue;
    // A copy: the next attempts are on the same cluster.
    found.push({
      ...asked,
      cluster: structuredClone(asked.cluster),
      bundle: bundleOf(asked, decision.reason),
    });
    if (found.length === count) break;
  }
  return found;
}

/** Whether the cluster, as it is now, allows it. */
export function isAllowed(asked: AskedCluster): boolean {
  return authorize(asked.cluster, userOf(asked), asked.attempt).allowed;
}

function bundleOf(asked: AskedCluster, reason: string): DoctorEvidence {
  const { cluster, attempt } = asked;
  const user = userOf(asked);
  const text = forbiddenText(user, attempt, reason);
  const { message } = isPath(attempt) ? pathForbidden(text) : forbidden(attempt, text);
  const request = requestOf(attempt);
  const { verb, path, ...attributes } = request;
  return healthyBundle({
    question: {
      command: commandOf(attempt),
      exitCode: 1,
      stderr: `Error from server (Forbidden): ${message}\n`,
      attempt: request,
    },
    apiServer: { status: 403, message, isKubernetes: true },
    selfSubjectReview: { status: { userInfo: { username: user.username, groups: [...user.groups] } } },
    accessReviews: [
      {
        spec:
          path === undefined
            ? { resourceAttributes: { verb, ...attributes } }
            : { nonResourceAttributes: { verb, path } },
        status: { allowed: false },
      },
    ],
    rbac: { items: rbacItems(cluster) },
    namespaces: { items: [...cluster.namespaces].map((name) => ({ metadata: { name } })) },
    ...mappingOf(asked),
  });
}

/** What EKS and aws-auth say of the caller. */
function mappingOf({ caller, cluster }: AskedCluster): Partial<DoctorEvidence> {
  const entries = [...cluster.accessEntries.values()];
  const { authenticationMode } = cluster;
  const mapping: Partial<DoctorEvidence> = {
    ...mode(authenticationMode),
    accessEntries:
      authenticationMode === "CONFIG_MAP"
        ? { failed: "the cluster has no access entries" }
        : { accessEntries: entries.map(({ principalArn }) => principalArn) },
    accessEntryDetails: entries.map((entry) => ({
      accessEntry: { ...entry, clusterName: "lab", createdAt: MADE_AT, modifiedAt: MADE_AT },
    })),
    associatedPolicies: entries.map(({ principalArn, policies }) => ({
      clusterName: "lab",
      principalArn,
      associatedAccessPolicies: policies.map((policy) => ({
        ...policy,
        associatedAt: MADE_AT,
        modifiedAt: MADE_AT,
      })),
    })),
    awsAuth: cluster.awsAuth === undefined ? null : { data: cluster.awsAuth, metadata: READ },
  };
  switch (caller) {
    case "aws-auth-user":
      return { ...mapping, ...USER_CALLER };
    case "service-account":
      return {
        ...mapping,
        ...NOT_OF_AWS,
        kubeconfig: { files: [{ path: "/root/.kube/config", failed: "No such file or directory" }] },
        workload: {
          kind: "pod",
          namespace: SERVICE_ACCOUNT.namespace,
          serviceAccount: SERVICE_ACCOUNT.name,
          mountsToken: true,
          annotatedRole: null,
          podIdentityRole: null,
        },
      };
    case "oidc":
      return {
        ...mapping,
        ...NOT_OF_AWS,
        ...kubelogin("https://id.example.com", "kubernetes"),
        identityProviders: [OIDC_PROVIDER],
      };
    default:
      return mapping;
  }
}

const MADE_AT = "2025-06-02T08:00:00Z";

const NOT_OF_AWS: Partial<DoctorEvidence> = {
  callerIdentity: { failed: "no AWS credentials are in use" },
  role: { failed: "no AWS credentials are in use" },
};

/** The RBAC objects as kubectl prints them, Kubernetes' own among them. */
function rbacItems(cluster: Cluster): RbacObjectJson[] {
  const shelves = [
    roleShelf(cluster, "ClusterRole"),
    roleShelf(cluster, "Role"),
    bindingShelf(cluster, "ClusterRoleBinding"),
    bindingShelf(cluster, "RoleBinding"),
  ];
  return shelves.flatMap((shelf) => shelf.list()) as unknown as RbacObjectJson[];
}

/** What was asked, as evidence says it. */
function requestOf(attempt: Attributes): AccessRequest {
  if (isPath(attempt)) return attempt;
  const { verb, group, resource, subresource, namespace, name } = attempt;
  return {
    verb,
    group,
    resource,
    ...(subresource && { subresource }),
    ...(namespace && { namespace }),
    ...(name && { name }),
  };
}

function commandOf(attempt: Attributes): string {
  if (isPath(attempt)) return `kubectl get --raw ${attempt.path}`;
  const { verb, resource, name, namespace } = attempt;
  return ["kubectl", verb, resource, name, namespace === "" ? "-A" : `-n ${namespace}`]
    .filter(Boolean)
    .join(" ");
}
