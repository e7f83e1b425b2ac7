import type { Cluster, KubeObject } from "../../model.ts";
import { apiVersionOf, type Resource } from "./resources.ts";

/** Where the objects of one resource lie in the model. Objects come and go as JSON; metadata may be incomplete. */
export interface Shelf {
  list(): KubeObject[];
  /** Replaces the object of the same namespace and name, or adds it. */
  put(object: KubeObject): void;
  remove(namespace: string | undefined, name: string): void;
}

/** Whether this is the object of that name; absent and empty namespace are the same. */
export function isNamed(object: KubeObject, namespace: string | undefined, name: string): boolean {
  return object.metadata.name === name && (object.metadata.namespace ?? "") === (namespace ?? "");
}

/** Everything without a place of its own: `cluster.objects`. */
export function plainShelf(cluster: Cluster, resource: Resource): Shelf {
  const apiVersion = apiVersionOf(resource);
  const isOne = (object: KubeObject) => object.kind === resource.kind && object.apiVersion === apiVersion;
  const find = (namespace: string | undefined, name: string) =>
    cluster.objects.findIndex((object) => isOne(object) && isNamed(object, namespace, name));
  return {
    list: () => cluster.objects.filter(isOne),
    put(object) {
      const at = find(object.metadata.namespace, object.metadata.name);
      if (at < 0) cluster.objects.push(object);
      else cluster.objects[at] = object;
    },
    remove(namespace, name) {
      const at = find(namespace, name);
      if (at >= 0) cluster.objects.splice(at, 1);
    },
  };
}
