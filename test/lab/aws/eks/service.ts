import { AwsFailure } from "../failure.ts";
import type { AwsReply, AwsRequest } from "../request.ts";
import { type AwsService, bindOperation } from "../service.ts";
import { EKS_ROUTES, type EksRoute } from "./routes.ts";

/**
 * Elastic Kubernetes Service: REST, answers in JSON, the error's code in a header.
 *
 * Deliberately absent: everything but clusters as they are, access entries, access policies and the access mode.
 */
export const EKS: AwsService = {
  name: "eks",
  operations: EKS_ROUTES.map(({ operation }) => operation),
  throttled: new AwsFailure("ThrottlingException", 429, "Rate exceeded"),
  broken: new AwsFailure("ServerException", 500, "Internal server error"),
  find(request, requestId) {
    const { route, path } = findRoute(request);
    const query = new URLSearchParams(request.query);
    const body = parsedBody(request);
    return bindOperation(
      {
        name: route.operation,
        signed: true,
        parameters: { ...path, ...Object.fromEntries(query), ...body },
        run: (context, caller) => route.run({ ...context, caller, path, query, body }),
      },
      (result) => reply(200, result, { "x-amzn-requestid": requestId }),
    );
  },
  fail({ code, status, message }, _request, requestId) {
    return reply(status, { message }, { "x-amzn-requestid": requestId, "x-amzn-errortype": code });
  },
};

/** A path that the service does not have is answered by what stands before it. */
function findRoute(request: AwsRequest): { route: EksRoute; path: Record<string, string> } {
  const segments = request.path.split("/");
  for (const route of EKS_ROUTES) {
    const path = route.method === request.method ? pathVariables(route.path.split("/"), segments) : undefined;
    if (path) return { route, path };
  }
  throw new AwsFailure("MissingAuthenticationTokenException", 403, "Missing Authentication Token");
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

function parsedBody(request: AwsRequest): Record<string, unknown> {
  if (request.body.length === 0) return {};
  try {
    return JSON.parse(request.body.toString("utf8")) as Record<string, unknown>;
  } catch {
    throw new AwsFailure("SerializationException", 400, "Unexpected end of input");
  }
}

function reply(status: number, body: unknown, headers: Readonly<Record<string, string>>): AwsReply {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}
