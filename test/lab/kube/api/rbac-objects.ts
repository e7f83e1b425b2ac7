import type { Cluster, KubeObject, PolicyRule, RbacBinding, RbacRole, RbacSubject } from "../../model.ts";
import { allBindings, allRoles, rulesOf } from "../authorization/rbac.ts";
import { isNamed, type Shelf } from "./stored-objects.ts";

const GROUP = "rbac.authorization.k8s.io";
const API_VERSION = `${GROUP}/v1`;

/** Roles or ClusterRoles: `cluster.roles`, and Kubernetes' own to read. */
export function roleShelf(cluster: Cluster, kind: "Role" | "ClusterRole"): Shelf {
  const known = metadataMemory();
  const isOne = (role: RbacRole) => (role.namespace !== undefined) === (kind === "Role");
  return {
    list: () =>
      allRoles(cluster)
        .filter(isOne)
        .map((role) => ({
          apiVersion: API_VERSION,
          kind,
          metadata: known.complete(role, role.labels),
          rules: rulesOf(cluster, role),
          ...(role.aggregates && {
            aggregationRule: {
              clusterRoleSelectors: role.aggregates.map((matchLabels) => ({ matchLabels })),
            },
          }),
        })),
    put(object) {
      known.remember(object);
      this.remove(object.metadata.namespace, object.metadata.name);
      cluster.roles.push(roleOf(object));
    },
    remove(namespace, name) {
      cluster.roles = cluster.roles.filter(
        (role) => !(isOne(role) && role.name === name && (role.namespace ?? "") === (namespace ?? "")),
      );
    },
  };
}

/** RoleBindings or ClusterRoleBindings: `cluster.bindings`, and Kubernetes' own to read. */
export function bindingShelf(cluster: Cluster, kind: "RoleBinding" | "ClusterRoleBinding"): Shelf {
  const known = metadataMemory();
  const isOne = (binding: RbacBinding) => (binding.namespace !== undefined) === (kind === "RoleBinding");
  return {
    list: () =>
      allBindings(cluster)
        .filter(isOne)
        .map((binding) => ({
          apiVersion: API_VERSION,
          kind,
          metadata: known.complete(binding, undefined),
          roleRef: { apiGroup: GROUP, ...binding.roleRef },
          subjects: binding.subjects.map((subject) =>
            subject.kind === "ServiceAccount" ? subject : { apiGroup: GROUP, ...subject },
          ),
        })),
    put(object) {
      known.remember(object);
      this.remove(object.metadata.namespace, object.metadata.name);
      cluster.bindings.push(bindingOf(object));
    },
    remove(namespace, name) {
      cluster.bindings = cluster.bindings.filter(
        (binding) =>
          !(isOne(binding) && binding.name === name && (binding.namespace ?? "") === (namespace ?? "")),
      );
    },
  };
}

/** A role as the model holds it. */
export function roleOf(object: KubeObject): RbacRole {
  const { name, namespace } = object.metadata;
  const labels = object.metadata["labels"] as Record<string, string> | undefined;
  const aggregation = object["aggregationRule"] as
    | { clusterRoleSelectors?: { matchLabels?: Record<string, string> }[] }
    | undefined;
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    rules: (object["rules"] ?? []) as PolicyRule[],
    ...(labels && { labels }),
    ...(aggregation && {
      aggregates: (aggregation.clusterRoleSelectors ?? []).map(({ matchLabels }) => matchLabels ?? {}),
    }),
  };
}

/** A binding as the model holds it. */
export function bindingOf(object: KubeObject): RbacBinding {
  const { name, namespace } = object.metadata;
  const roleRef = object["roleRef"] as RbacBinding["roleRef"];
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    roleRef: { kind: roleRef.kind, name: roleRef.name },
    subjects: ((object["subjects"] ?? []) as RbacSubject[]).map((subject) => ({
      kind: subject.kind,
      name: subject.name,
      ...(subject.namespace !== undefined && { namespace: subject.namespace }),
    })),
  };
}

/** Remembers what the model has no place for: annotations, labels of bindings, creation time. */
function metadataMemory() {
  const objects: KubeObject[] = [];
  return {
    remember(object: KubeObject): void {
      const at = objects.findIndex((one) => isNamed(one, object.metadata.namespace, object.metadata.name));
      objects.splice(at < 0 ? objects.length : at, 1, object);
    },
    complete(
      { name, namespace }: { name: string; namespace?: string },
      labels: Record<string, string> | undefined,
    ): KubeObject["metadata"] {
      return {
        ...objects.find((one) => isNamed(one, namespace, name))?.metadata,
        name,
        ...(namespace !== undefined && { namespace }),
        ...(labels && { labels }),
      };
    },
  };
}
