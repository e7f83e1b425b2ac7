import { createHash } from "node:crypto";
import type { Cluster, KubeObject } from "../../model.ts";
import { bindingShelf, roleShelf } from "./rbac-objects.ts";
import { qualifiedName, RESOURCES, type Resource } from "./resources.ts";
import { configMapShelf, namespaceShelf } from "./special-objects.ts";
import { isNamed, plainShelf, type Shelf } from "./stored-objects.ts";

/**
 * The cluster's objects as the API shows them. The model is the only truth: what a test changes there is seen at
 * once. So resource versions are digests of the content, not a counter.
 */
export interface ObjectStore {
  /** All of a kind, in one namespace or (empty) everywhere, sorted as etcd would. */
  list(resource: Resource, namespace: string): KubeObject[];
  get(resource: Resource, namespace: string, name: string): KubeObject | undefined;
  put(resource: Resource, object: KubeObject): void;
  remove(resource: Resource, namespace: string | undefined, name: string): void;
}

export function objectStore(cluster: Cluster): ObjectStore {
  const shelves = new Map(RESOURCES.map((resource) => [resource, shelfOf(cluster, resource)]));
  const shelf = (resource: Resource) => shelves.get(resource) ?? plainShelf(cluster, resource);
  const listAll = (resource: Resource) =>
    shelf(resource)
      .list()
      .map((object) => complete(object, cluster))
      .sort((a, b) => compare(keyOf(a), keyOf(b)));

  return {
    list: (resource, namespace) =>
      listAll(resource).filter(({ metadata }) => namespace === "" || metadata.namespace === namespace),
    get: (resource, namespace, name) =>
      listAll(resource).find((object) => isNamed(object, resource.namespaced ? namespace : "", name)),
    put: (resource, object) => shelf(resource).put(object),
    remove: (resource, namespace, name) => shelf(resource).remove(namespace, name),
  };
}

function shelfOf(cluster: Cluster, resource: Resource): Shelf {
  switch (qualifiedName(resource.group, resource.name)) {
    case "namespaces":
      return namespaceShelf(cluster, resource);
    case "configmaps":
      return configMapShelf(cluster, resource);
    case "roles.rbac.authorization.k8s.io":
      return roleShelf(cluster, "Role");
    case "clusterroles.rbac.authorization.k8s.io":
      return roleShelf(cluster, "ClusterRole");
    case "rolebindings.rbac.authorization.k8s.io":
      return bindingShelf(cluster, "RoleBinding");
    case "clusterrolebindings.rbac.authorization.k8s.io":
      return bindingShelf(cluster, "ClusterRoleBinding");
    default:
      return plainShelf(cluster, resource);
  }
}

/** Gives an object the metadata every stored object has. */
function complete(object: KubeObject, cluster: Cluster): KubeObject {
  const created = object.metadata.creationTimestamp ?? rfc3339(cluster.createdAt.getTime());
  const digest = sha256(`${object.apiVersion}/${object.kind}/${keyOf(object)}/${created}`);
  const uid = digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5");
  const metadata = { ...object.metadata, uid, creationTimestamp: created };
  const resourceVersion = versionOf({ ...object, metadata: { ...metadata, resourceVersion: undefined } });
  return { ...object, metadata: { ...metadata, resourceVersion } };
}

/** A resource version for any content: digits, as clients expect. */
export function versionOf(content: unknown): string {
  return String(Number.parseInt(sha256(JSON.stringify(content)).slice(0, 12), 16));
}

/** Kubernetes' times have no fraction. `ms` is in epoch milliseconds. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
