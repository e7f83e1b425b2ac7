import { type Attributes, isPath } from "../authorization/attributes.ts";
import { versionInfo } from "../cluster-version.ts";
import { type ApiCall, ok, type Reply } from "./api-call.ts";
import { aggregatedDiscovery, discovery } from "./discovery.ts";
import { openApiV2 } from "./openapi-v2.ts";
import { openApiV3 } from "./openapi-v3.ts";
import { get, list, watch } from "./reads.ts";
import { findResource, type Resource } from "./resources.ts";
import { review } from "./reviews.ts";
import { subresource } from "./subresources.ts";
import { create, patch, remove, removeAll, update } from "./writes.ts";

type Handler = (
  call: ApiCall,
  resource: Resource,
  attributes: Exclude<Attributes, { path: string }>,
) => Reply;

const HANDLERS: Readonly<Record<string, Handler>> = {
  get,
  list,
  watch,
  create,
  update,
  patch,
  delete: remove,
  deletecollection: removeAll,
};

const HEALTH = new Set(["/healthz", "/livez", "/readyz"]);
/** What Go's HTTP server answers for an unknown path. */
const NO_SUCH_PATH: Reply = { status: 404, body: "404 page not found\n", contentType: "text/plain" };

/** Answers a request that has been authorized. */
export function route(call: ApiCall, attributes: Attributes): Reply {
  if (isPath(attributes)) return routePath(call, attributes.path);
  const { group, version, resource: name, namespace } = attributes;
  const resource = findResource(group, version, name);
  if (resource === undefined) return NO_SUCH_PATH;
  if (attributes.subresource !== "") return subresource(call, resource, attributes) ?? NO_SUCH_PATH;

  const reviewed = attributes.verb === "create" ? review(call, resource.kind, namespace) : undefined;
  const handler = HANDLERS[attributes.verb];
  if (reviewed !== undefined) return reviewed;
  if (handler === undefined || !resource.verbs.includes(attributes.verb)) return NO_SUCH_PATH;
  return handler(call, resource, attributes);
}

function routePath({ cluster, accept }: ApiCall, path: string): Reply {
  const trimmed = path.replace(/(.)\/$/, "$1");
  if (HEALTH.has(trimmed)) return { status: 200, body: "ok", contentType: "text/plain" };
  if (trimmed === "/version") return ok(versionInfo(cluster));
  const aggregated = aggregatedDiscovery(trimmed, accept, cluster);
  if (aggregated !== undefined) return { status: 200, ...aggregated };
  if (trimmed === "/openapi/v2") return { status: 200, ...openApiV2() };
  const body = discovery(trimmed) ?? openApiV3(trimmed);
  return body === undefined ? NO_SUCH_PATH : ok(body);
}
