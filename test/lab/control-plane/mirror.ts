import { isDeepStrictEqual } from "node:util";
import { objectStore } from "../kube/api/object-store.ts";
import { apiVersionOf, RESOURCES, type Resource } from "../kube/api/resources.ts";
import { defaultRbac } from "../kube/authorization/default-rbac.ts";
import type { Cluster, KubeObject } from "../model.ts";
import type { ApiClient } from "./api-client.ts";

/** Keeps the objects of a real API server like those of the lab's model. */
export interface Mirror {
  /** Whether the model says something else than it did at the last push. */
  isBehind(): boolean;
  /** What has changed in the model since the last push is changed there too; all else there stays. */
  push(): Promise<void>;
  /** Makes the server's objects those of the model again, whatever was done to them there. */
  restore(): Promise<void>;
}

interface Mirrored {
  readonly resource: Resource;
  readonly object: KubeObject;
}

/** An object there: as the model had it when it was written, and the version it got then. */
interface Written extends Mirrored {
  readonly version: string;
}

const STORED = RESOURCES.filter(({ verbs }) => verbs.includes("delete"));

/** A server's own objects are not in the model: they are determined now, before anything is written. */
export async function mirrorOf(cluster: Cluster, admin: ApiClient): Promise<Mirror> {
  const own = new Set((await listAll(admin)).map(keyOf));
  let pushed = "";
  let written = new Map<string, Written>();
  /** What a new cluster has, and this one has no more. */
  const gone = new Set<string>();

  const push = async () => {
    pushed = JSON.stringify(modelOf(cluster));
    const { wanted, unwanted } = difference(cluster, (key) => gone.has(key) || written.has(key));
    for (const [key, one] of unwanted) {
      if (!gone.has(key)) await remove(admin, one);
      gone.add(key);
    }
    for (const [key, old] of [...written].reverse()) {
      const now = wanted.get(key);
      if (now !== undefined && isDeepStrictEqual(now.object, old.object)) continue;
      await remove(admin, old);
      written.delete(key);
    }
    for (const [key, one] of wanted) {
      if (!written.has(key)) written.set(key, await write(admin, one));
      gone.delete(key);
    }
  };

  return {
    isBehind: () => pushed !== JSON.stringify(modelOf(cluster)),
    push,
    async restore() {
      const there = await listAll(admin);
      const known = written;
      written = new Map(
        there
          .filter((one) => !own.has(keyOf(one)) || known.has(keyOf(one)))
          .map((one) => {
            const version = versionOf(one.object);
            const before = known.get(keyOf(one));
            const unchanged = before?.version === version ? before : undefined;
            return [keyOf(one), unchanged ?? { ...one, version }] as const;
          }),
      );
      await push();
    },
  };
}

function modelOf({ awsAuth, namespaces, roles, bindings, objects }: Cluster) {
  return { awsAuth, namespaces: [...namespaces], roles, bindings, objects };
}

/** What the model has beyond a new cluster, or was changed there, namespaces first; and what it lacks of one. */
function difference(cluster: Cluster, wasChanged: (key: string) => boolean) {
  const native = contentOf({ ...cluster, ...NEW_CLUSTER, ...defaultRbac() });
  const content = contentOf(cluster);
  const isWanted = (key: string, { object }: Mirrored) =>
    wasChanged(key) || !isDeepStrictEqual(native.get(key)?.object, object);
  const wanted = [...content]
    .filter(([key, one]) => isWanted(key, one))
    .sort(([, a], [, b]) => Number(b.object.kind === "Namespace") - Number(a.object.kind === "Namespace"));
  return { wanted: new Map(wanted), unwanted: [...native].filter(([key]) => !content.has(key)) };
}

const NEW_CLUSTER = {
  ...{ awsAuth: undefined, objects: [] },
  namespaces: new Set(["default", "kube-system", "kube-public", "kube-node-lease"]),
};

function contentOf(cluster: Cluster): Map<string, Mirrored> {
  const store = objectStore(cluster);
  const objects = STORED.flatMap((resource) =>
    store.list(resource, "").map((object) => ({ resource, object: asWritten(object) })),
  );
  return new Map(objects.map((one) => [keyOf(one), one]));
}

/** Without what a server gives an object itself. */
function asWritten(object: KubeObject): KubeObject {
  const { uid: _u, resourceVersion: _v, creationTimestamp: _c, ...metadata } = object.metadata;
  return { ...object, metadata };
}

async function listAll(admin: ApiClient): Promise<Mirrored[]> {
  const lists = await Promise.all(
    STORED.map(async (resource) => {
      const { body } = await admin.ask("GET", pathOf(resource));
      const { items } = body as { readonly items: readonly Omit<KubeObject, "apiVersion" | "kind">[] };
      const type = { apiVersion: apiVersionOf(resource), kind: resource.kind };
      return items.map((item) => ({ resource, object: { ...item, ...type } as KubeObject }));
    }),
  );
  return lists.flat();
}

/** Kubernetes' own roles are there, and are overwritten. */
async function write(admin: ApiClient, { resource, object }: Mirrored): Promise<Written> {
  const { namespace, name } = object.metadata;
  const path = pathOf(resource, namespace);
  const created = await admin.ask("POST", path, { body: object, alsoFine: [409] });
  const answer =
    created.status === 409 ? await admin.ask("PUT", `${path}/${name}`, { body: object }) : created;
  let version = versionOf(answer.body as KubeObject);
  if (object["status"] !== undefined && resource.subresources.includes("status")) {
    const { body } = await admin.ask("PUT", `${path}/${name}/status`, { body: object });
    version = versionOf(body as KubeObject);
  }
  return { resource, object, version };
}

/** Nobody here carries out graceful deletion, nor the end of a namespace. */
async function remove(admin: ApiClient, { resource, object }: Mirrored): Promise<void> {
  const { namespace, name } = object.metadata;
  const path = `${pathOf(resource, namespace)}/${name}`;
  await admin.ask("DELETE", `${path}?gracePeriodSeconds=0`, { alsoFine: [404, 409] });
  if (object.kind !== "Namespace") return;
  const end = { apiVersion: "v1", kind: "Namespace", metadata: { name }, spec: { finalizers: [] } };
  await admin.ask("PUT", `${path}/finalize`, { body: end, alsoFine: [404] });
}

function pathOf(resource: Resource, namespace?: string): string {
  const { group, version, name } = resource;
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespace === undefined ? `${root}/${name}` : `${root}/namespaces/${namespace}/${name}`;
}

function keyOf({ resource, object: { metadata } }: Mirrored): string {
  return `${pathOf(resource, metadata.namespace)}/${metadata.name}`;
}

function versionOf({ metadata }: KubeObject): string {
  return String(metadata["resourceVersion"]);
}
