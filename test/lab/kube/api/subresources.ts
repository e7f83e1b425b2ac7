import type { KubeObject } from "../../model.ts";
import type { ResourceAttributes } from "../authorization/attributes.ts";
import { type ApiCall, ok, type Reply } from "./api-call.ts";
import { internalError } from "./api-error.ts";
import { applyPatch, parseJson } from "./patch.ts";
import { existing } from "./reads.ts";
import type { Resource } from "./resources.ts";
import { patch, remove, update } from "./writes.ts";

/** What is below an object. Undefined: the lab has no such thing. */
export function subresource(
  call: ApiCall,
  resource: Resource,
  attributes: ResourceAttributes,
): Reply | undefined {
  if (!resource.subresources.includes(attributes.subresource)) return undefined;
  switch (attributes.subresource) {
    case "log":
      return log(existing(call, resource, attributes));
    case "scale":
      return scale(call, resource, attributes);
    case "status":
      if (call.method === "PATCH") return patch(call, resource, attributes);
      return call.method === "PUT"
        ? update(call, resource, attributes)
        : ok(existing(call, resource, attributes));
    case "eviction":
      return remove(call, resource, attributes);
    case "token":
      return undefined;
    default:
      existing(call, resource, attributes);
      throw internalError("error dialing backend: the lab has no kubelet");
  }
}

function log({ metadata }: KubeObject): Reply {
  return {
    status: 200,
    body: `hello from ${metadata.namespace}/${metadata.name}\n`,
    contentType: "text/plain",
  };
}

function scale(call: ApiCall, resource: Resource, attributes: ResourceAttributes): Reply {
  const object = existing(call, resource, attributes);
  const before = scaleOf(object);
  if (call.method === "GET") return ok(before);
  const after =
    call.method === "PATCH" ? applyPatch(before, call.contentType, call.body) : parseJson(call.body);
  const { replicas } = (after as ReturnType<typeof scaleOf>).spec;
  const scaled = { ...object, spec: { ...(object["spec"] as object), replicas } };
  call.store.put(resource, scaled);
  return ok(scaleOf(scaled));
}

function scaleOf(object: KubeObject) {
  const replicas = (object["spec"] as { replicas?: number } | undefined)?.replicas ?? 1;
  const { metadata } = object;
  return { kind: "Scale", apiVersion: "autoscaling/v1", metadata, spec: { replicas }, status: { replicas } };
}
