import { AwsFailure } from "./failure.ts";
import type { AwsReply, AwsRequest } from "./request.ts";

/** What the services that use REST with JSON have in common: EKS, and those through which people log in. */
export interface RestRoute {
  readonly method: string;
  /** Literal segments, and names in braces for variable ones. */
  readonly path: string;
  readonly operation: string;
}

interface FoundRoute<Route> {
  readonly route: Route;
  /** The variable parts of the path, decoded. */
  readonly path: Record<string, string>;
}

export function findRoute<Route extends RestRoute>(
  routes: readonly Route[],
  request: AwsRequest,
): FoundRoute<Route> | undefined {
  const segments = request.path.split("/");
  for (const route of routes) {
    const path = route.method === request.method ? pathVariables(route.path.split("/"), segments) : undefined;
    if (path) return { route, path };
  }
  return undefined;
}

function pathVariables(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const variables: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? "";
    if (!expected.startsWith("{")) {
      if (segment !== expected) return undefined;
    } else if (segment === "") return undefined;
    else variables[expected.slice(1, -1)] = decodeURIComponent(segment);
  }
  return variables;
}

export function parsedBody(request: AwsRequest): Record<string, unknown> {
  if (request.body.length === 0) return {};
  try {
    return JSON.parse(request.body.toString("utf8")) as Record<string, unknown>;
  } catch {
    throw new AwsFailure("SerializationException", 400, "Unexpected end of input");
  }
}

export function jsonReply(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): AwsReply {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}
