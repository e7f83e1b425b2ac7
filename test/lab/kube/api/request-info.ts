import type { Attributes, ResourceAttributes } from "../authorization/attributes.ts";

/** A request line, taken apart as Kubernetes' RequestInfo does it. */
export interface RequestInfo {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly attributes: Attributes;
}

const VERBS: Readonly<Record<string, string>> = {
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
  GET: "get",
  HEAD: "get",
};

/** Paths below a namespace that belong to the namespace itself, not to a resource in it. */
const NAMESPACE_SUBRESOURCES = new Set(["status", "finalize"]);

export function requestInfo(method: string, target: string): RequestInfo {
  const { pathname: path, searchParams: query } = new URL(target, "https://lab");
  const attributes = resourceAttributes(method, path, query) ?? { verb: method.toLowerCase(), path };
  return { method, path, query, attributes };
}

/** Undefined for a path that names no resource. */
function resourceAttributes(
  method: string,
  path: string,
  query: URLSearchParams,
): ResourceAttributes | undefined {
  const [root, ...rest] = path
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  if (root !== "api" && root !== "apis") return undefined;
  const group = root === "apis" ? (rest.shift() ?? "") : "";
  const version = rest.shift();
  if (version === undefined || rest.length === 0) return undefined;

  const inWatch = rest[0] === "watch" && rest.shift() !== undefined;
  const namespace = rest[0] === "namespaces" ? (rest[1] ?? "") : "";
  if (namespace !== "" && rest[2] !== undefined && !NAMESPACE_SUBRESOURCES.has(rest[2])) rest.splice(0, 2);
  const [resource = "", pathName = "", subresource = ""] = rest;

  const name = pathName === "" ? nameInSelector(method, query) : pathName;
  const verb = verbOf({ method, named: pathName !== "", watching: inWatch || isWatch(query) });
  return { verb, group, version, resource, subresource, namespace, name };
}

function verbOf({ method, named, watching }: { method: string; named: boolean; watching: boolean }): string {
  const reads = VERBS[method] === "get";
  if (reads && watching) return "watch";
  if (reads && !named) return "list";
  if (method === "DELETE" && !named) return "deletecollection";
  return VERBS[method] ?? method.toLowerCase();
}

function isWatch(query: URLSearchParams): boolean {
  return ["true", "1"].includes(query.get("watch") ?? "");
}

/** A list narrowed to one object counts as a question about that object. */
function nameInSelector(method: string, query: URLSearchParams): string {
  if (method === "POST") return "";
  const [, name = ""] = /(?:^|,)metadata\.name==?([^,]+)/.exec(query.get("fieldSelector") ?? "") ?? [];
  return name;
}
