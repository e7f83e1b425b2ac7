import type { KubeObject } from "../../model.ts";
import type { ResourceAttributes } from "../authorization/attributes.ts";
import { type ApiCall, ok, type Reply } from "./api-call.ts";
import { ApiError, notFound } from "./api-error.ts";
import { chooseForm } from "./negotiation.ts";
import { versionOf } from "./object-store.ts";
import { apiVersionOf, type Resource } from "./resources.ts";
import { selected } from "./selectors.ts";
import { partial, table } from "./tables.ts";

/** Milliseconds a watch stays open when the client names no time. */
const WATCH_MS = 30 * 60 * 1000;

/** Lists. A namespace that does not exist gives an empty list, as in Kubernetes. Pages are absent: all at once. */
export function list(call: ApiCall, resource: Resource, { namespace }: ResourceAttributes): Reply {
  const scope = resource.namespaced ? namespace : "";
  const items = call.store.list(resource, scope).filter((object) => selected(object, call.query));
  const metadata = { resourceVersion: versionOf(items) };
  switch (chooseForm(call.accept)) {
    case "table":
      return ok({ ...table(resource.kind, items, call.now), metadata });
    case "partial": {
      const kind = { kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1" };
      return ok({ ...kind, metadata, items: items.map(partial) });
    }
    case "object": {
      const kind = { kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource) };
      return ok({ ...kind, metadata, items });
    }
  }
}

export function get(call: ApiCall, resource: Resource, attributes: ResourceAttributes): Reply {
  return inForm(call, resource, existing(call, resource, attributes));
}

/** Open, and silent: the lab sends no events. The streaming list is refused, so that clients list first. */
export function watch({ query }: ApiCall): Reply {
  if (query.get("sendInitialEvents") === "true") {
    const cause =
      "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled";
    throw new ApiError(422, "Invalid", `ListOptions.meta.k8s.io "" is invalid: ${cause}`);
  }
  const seconds = Number(query.get("timeoutSeconds") ?? 0);
  return { status: 200, body: "", openMs: seconds > 0 ? seconds * 1000 : WATCH_MS };
}

/** The object a path names, or 404. */
export function existing(call: ApiCall, resource: Resource, attributes: ResourceAttributes): KubeObject {
  const object = call.store.get(resource, attributes.namespace, attributes.name);
  if (object === undefined) throw notFound(attributes);
  return object;
}

/** One object as the client wants it. */
export function inForm(call: ApiCall, resource: Resource, object: KubeObject, status = 200): Reply {
  switch (chooseForm(call.accept)) {
    case "table":
      return ok(table(resource.kind, [object], call.now), status);
    case "partial":
      return ok(partial(object), status);
    case "object":
      return ok(object, status);
  }
}
