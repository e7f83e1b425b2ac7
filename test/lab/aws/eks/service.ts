import { AwsFailure } from "../failure.ts";
import { findRoute, jsonReply, parsedBody } from "../rest-json.ts";
import { type AwsService, bindOperation } from "../service.ts";
import { EKS_ROUTES } from "./routes.ts";

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
    const found = findRoute(EKS_ROUTES, request);
    // A path that the service does not have is answered by what stands before it.
    if (!found)
      throw new AwsFailure("MissingAuthenticationTokenException", 403, "Missing Authentication Token");
    const { route, path } = found;
    const query = new URLSearchParams(request.query);
    const body = parsedBody(request);
    return bindOperation(
      {
        name: route.operation,
        signed: true,
        parameters: { ...path, ...Object.fromEntries(query), ...body },
        run: (context, caller) => route.run({ ...context, caller, path, query, body }),
      },
      (result) => jsonReply(200, result, { "x-amzn-requestid": requestId }),
    );
  },
  fail({ code, status, message }, _request, requestId) {
    return jsonReply(status, { message }, { "x-amzn-requestid": requestId, "x-amzn-errortype": code });
  },
};
