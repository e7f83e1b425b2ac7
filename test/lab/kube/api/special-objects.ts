import type { Cluster, KubeObject } from "../../model.ts";
import type { Resource } from "./resources.ts";
import { plainShelf, type Shelf } from "./stored-objects.ts";

/** `cluster.namespaces` says which exist; `cluster.objects` may say more about one. */
export function namespaceShelf(cluster: Cluster, resource: Resource): Shelf {
  const told = plainShelf(cluster, resource);
  return {
    list() {
      const objects = told.list();
      return [...cluster.namespaces].map(
        (name) => objects.find(({ metadata }) => metadata.name === name) ?? namespaceObject(name),
      );
    },
    put(object) {
      cluster.namespaces.add(object.metadata.name);
      told.put({ ...namespaceObject(object.metadata.name), ...object });
    },
    /** Takes everything in it along, at once: the lab has no Terminating phase. */
    remove(_, name) {
      cluster.namespaces.delete(name);
      told.remove(undefined, name);
      cluster.objects = cluster.objects.filter(({ metadata }) => metadata.namespace !== name);
      cluster.roles = cluster.roles.filter(({ namespace }) => namespace !== name);
      cluster.bindings = cluster.bindings.filter(({ namespace }) => namespace !== name);
    },
  };
}

function namespaceObject(name: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  };
}

/** ConfigMaps, among them kube-system/aws-auth, whose data is `cluster.awsAuth`. */
export function configMapShelf(cluster: Cluster, resource: Resource): Shelf {
  const others = plainShelf(cluster, resource);
  let metadata: KubeObject["metadata"] = { name: "aws-auth", namespace: "kube-system" };
  return {
    list() {
      if (cluster.awsAuth === undefined) return others.list();
      return [...others.list(), { apiVersion: "v1", kind: "ConfigMap", metadata, data: cluster.awsAuth }];
    },
    put(object) {
      if (!isAwsAuth(object.metadata)) return others.put(object);
      metadata = object.metadata;
      cluster.awsAuth = (object["data"] ?? {}) as Record<string, string>;
    },
    remove(namespace, name) {
      if (isAwsAuth({ namespace, name })) cluster.awsAuth = undefined;
      else others.remove(namespace, name);
    },
  };
}

function isAwsAuth({ namespace, name }: { namespace?: string | undefined; name: string }): boolean {
  return namespace === "kube-system" && name === "aws-auth";
}
