import type { AwsServiceName } from "./endpoint.ts";
import { AwsFailure } from "./failure.ts";
import type { CallContext } from "./operation.ts";
import type { AwsReply, AwsRequest } from "./request.ts";
import { findRoute, jsonReply, parsedBody, type RestRoute } from "./rest-json.ts";
import { type AwsService, bindOperation } from "./service.ts";

/** One call of a service that needs no signature, taken apart. */
export interface OpenCall extends CallContext {
  readonly request: AwsRequest;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface OpenRoute extends RestRoute {
  /** Members of the query and the body that are no secret, and may be recorded. */
  readonly told: readonly string[];
  run(call: OpenCall): AwsReply;
}

interface OpenServiceSpec {
  readonly name: AwsServiceName;
  readonly routes: readonly OpenRoute[];
  /** What the service appends to the code in the header of a refusal. */
  readonly namespace: string;
  refusalBody(failure: AwsFailure): object;
  readonly throttled: AwsFailure;
  readonly broken: AwsFailure;
}

/** A service by which people log in: REST with JSON, and secrets in place of signatures. */
export function openService(spec: OpenServiceSpec): AwsService {
  return {
    name: spec.name,
    operations: spec.routes.map(({ operation }) => operation),
    throttled: spec.throttled,
    broken: spec.broken,
    find(request, requestId) {
      const route = requireRoute(spec.routes, request);
      const query = new URLSearchParams(request.query);
      const body = parsedBody(request);
      const given: Readonly<Record<string, unknown>> = { ...Object.fromEntries(query), ...body };
      const told = route.told.filter((name) => given[name] !== undefined);
      return bindOperation(
        {
          name: route.operation,
          signed: false,
          parameters: Object.fromEntries(told.map((name) => [name, given[name]])),
          run: (context) => route.run({ ...context, request, query, body }),
        },
        (reply) => ({ ...reply, headers: { ...reply.headers, "x-amzn-RequestId": requestId } }),
      );
    },
    fail(failure, _request, requestId) {
      return jsonReply(failure.status, spec.refusalBody(failure), {
        "x-amzn-RequestId": requestId,
        "x-amzn-ErrorType": `${failure.code}${spec.namespace}`,
      });
    },
  };
}

/** The portal is known to answer a POST with 405 if it has a GET; its message is unknown. */
function requireRoute(routes: readonly OpenRoute[], request: AwsRequest): OpenRoute {
  const found = findRoute(routes, request);
  if (found) return found.route;
  if (routes.some(({ path }) => path === request.path))
    throw new AwsFailure("MethodNotAllowedException", 405, "Method not allowed");
  throw new AwsFailure("UnknownOperationException", 404, "Unknown operation");
}
