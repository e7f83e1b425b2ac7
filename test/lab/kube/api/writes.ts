import { randomBytes } from "node:crypto";
import type { KubeObject } from "../../model.ts";
import type { ResourceAttributes } from "../authorization/attributes.ts";
import { type ApiCall, ok, type Reply } from "./api-call.ts";
import { ApiError, alreadyExists, badRequest, conflict, notFound } from "./api-error.ts";
import { rfc3339 } from "./object-store.ts";
import { applyPatch, parseJson } from "./patch.ts";
import { checkRbacWrite } from "./rbac-guard.ts";
import { existing, inForm } from "./reads.ts";
import { apiVersionOf, type Resource } from "./resources.ts";
import { selected } from "./selectors.ts";

export function create(call: ApiCall, resource: Resource, attributes: ResourceAttributes): Reply {
  const object = decodeBody(call, resource, attributes);
  object.metadata.name ||= `${object.metadata["generateName"] ?? ""}${randomBytes(3).toString("hex").slice(1)}`;
  const named = { ...attributes, name: object.metadata.name };
  checkNamespace(call, resource, attributes.namespace);
  if (call.store.get(resource, attributes.namespace, named.name)) throw alreadyExists(named);

  object.metadata.creationTimestamp = rfc3339(call.now);
  return store(call, resource, { object, status: 201, before: undefined });
}

export function update(call: ApiCall, resource: Resource, attributes: ResourceAttributes): Reply {
  const object = decodeBody(call, resource, attributes);
  const before = existing(call, resource, attributes);
  return replace(call, resource, { attributes, before, object });
}

/** Merges into an existing object; server-side apply creates a missing one. */
export function patch(call: ApiCall, resource: Resource, attributes: ResourceAttributes): Reply {
  const before = call.store.get(resource, attributes.namespace, attributes.name);
  const applies = call.contentType === "application/apply-patch+yaml";
  if (before === undefined && !applies) throw notFound(attributes);
  const patched = applyPatch(before ?? {}, call.contentType, call.body) as KubeObject;
  if (before !== undefined) return replace(call, resource, { attributes, before, object: patched });
  return create(
    { ...call, contentType: "application/json", body: JSON.stringify(patched) },
    resource,
    attributes,
  );
}

export function remove(call: ApiCall, resource: Resource, attributes: ResourceAttributes): Reply {
  const { metadata } = existing(call, resource, attributes);
  if (!isDryRun(call)) call.store.remove(resource, metadata.namespace, metadata.name);
  const { group, name } = resource;
  const details = { name: metadata.name, ...(group !== "" && { group }), kind: name, uid: metadata["uid"] };
  return ok({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details });
}

export function removeAll(call: ApiCall, resource: Resource, { namespace }: ResourceAttributes): Reply {
  const items = call.store.list(resource, namespace).filter((object) => selected(object, call.query));
  if (!isDryRun(call)) {
    for (const { metadata } of items) call.store.remove(resource, metadata.namespace, metadata.name);
  }
  return ok({ kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata: {}, items });
}

interface Replacement {
  readonly attributes: ResourceAttributes;
  readonly before: KubeObject;
  readonly object: KubeObject;
}

/** An object that names a resource version must name the current one. */
function replace(call: ApiCall, resource: Resource, { attributes, before, object }: Replacement): Reply {
  const { resourceVersion } = object.metadata;
  if (![undefined, "", before.metadata["resourceVersion"]].includes(resourceVersion as string | undefined)) {
    throw conflict(attributes);
  }
  if (object.metadata.name !== attributes.name) {
    throw badRequest(
      `the name of the object (${object.metadata.name}) does not match the name on the URL (${attributes.name})`,
    );
  }
  const created = before.metadata.creationTimestamp;
  const metadata = { ...object.metadata, ...(created !== undefined && { creationTimestamp: created }) };
  return store(call, resource, { object: { ...object, metadata }, status: 200, before });
}

interface Write {
  readonly object: KubeObject;
  readonly status: number;
  readonly before: KubeObject | undefined;
}

function store(call: ApiCall, resource: Resource, { object, status, before }: Write): Reply {
  checkConfigMap(object);
  checkRbacWrite(call, resource, { object, before });
  const { uid, resourceVersion, managedFields, generateName, ...metadata } = object.metadata;
  const clean = { ...object, metadata };
  if (isDryRun(call)) return inForm(call, resource, clean, status);

  call.store.put(resource, clean);
  const stored = call.store.get(resource, metadata.namespace ?? "", metadata.name);
  return inForm(call, resource, stored ?? clean, status);
}

/** Deletions say it in their options, everything else in the query. */
function isDryRun({ method, query, body }: ApiCall): boolean {
  if (query.get("dryRun") === "All") return true;
  if (method !== "DELETE" || body === "") return false;
  return (parseJson(body) as { dryRun?: string[] }).dryRun?.includes("All") === true;
}

function decodeBody(call: ApiCall, resource: Resource, { namespace }: ResourceAttributes): KubeObject {
  const apiVersion = apiVersionOf(resource);
  const body = { apiVersion, kind: resource.kind, ...(parseJson(call.body) as Partial<KubeObject>) };
  if (body.apiVersion !== apiVersion || body.kind !== resource.kind) {
    throw badRequest(
      `the API version in the data (${body.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  const metadata = { name: "", ...body.metadata };
  if (!resource.namespaced) return { ...body, metadata };
  if (![undefined, "", namespace].includes(metadata.namespace)) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  return { ...body, metadata: { ...metadata, namespace } };
}

function checkNamespace({ cluster }: ApiCall, { namespaced }: Resource, namespace: string): void {
  if (namespaced && !cluster.namespaces.has(namespace)) {
    throw notFound({ group: "", resource: "namespaces", name: namespace });
  }
}

/** A missing `|` under a key of aws-auth fails here. Source: doctor/EKS-ACCESS.md, "aws-auth". */
function checkConfigMap(object: KubeObject): void {
  if (object.kind !== "ConfigMap") return;
  const wrong = Object.values(object["data"] ?? {}).find((value) => typeof value !== "string");
  if (wrong === undefined) return;
  const type = Array.isArray(wrong) ? "array" : typeof wrong;
  const cause = `json: cannot unmarshal ${type} into Go struct field ConfigMap.data of type string`;
  throw new ApiError(
    400,
    "BadRequest",
    `ConfigMap in version "v1" cannot be handled as a ConfigMap: ${cause}`,
  );
}
