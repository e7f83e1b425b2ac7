import type { Cluster, KubeObject, RbacBinding, RbacRole } from "../../model.ts";
import { bindingOf, roleOf } from "../authorization/rbac-model.ts";
import { rulesByRole } from "../authorization/role-aggregation.ts";
import { isNamed, type Shelf } from "./stored-objects.ts";

const GROUP = "rbac.authorization.k8s.io";
const API_VERSION = `${GROUP}/v1`;

/** Roles or ClusterRoles: `cluster.roles`. */
export function roleShelf(cluster: Cluster, kind: "Role" | "ClusterRole"): Shelf {
  const known = metadataMemory();
  const isOne = (role: RbacRole) => (role.namespace !== undefined) === (kind === "Role");
  return {
    list() {
      const rules = rulesByRole(cluster.roles);
      return cluster.roles.filter(isOne).map((role) => ({
        apiVersion: API_VERSION,
        kind,
        metadata: known.complete(role, role.labels),
        rules: rules.get(role),
        ...(role.aggregates && { aggregationRule: { clusterRoleSelectors: role.aggregates } }),
      }));
    },
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

/** RoleBindings or ClusterRoleBindings: `cluster.bindings`. */
export function bindingShelf(cluster: Cluster, kind: "RoleBinding" | "ClusterRoleBinding"): Shelf {
  const known = metadataMemory();
  const isOne = (binding: RbacBinding) => (binding.namespace !== undefined) === (kind === "RoleBinding");
  return {
    list: () =>
      cluster.bindings.filter(isOne).map((binding) => ({
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
