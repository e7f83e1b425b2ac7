import type { AwsServiceName } from "../endpoint.ts";
import { AwsFailure } from "../failure.ts";
import type { Operation } from "../operation.ts";
import type { AwsReply, AwsRequest } from "../request.ts";
import { type AwsService, bindOperation } from "../service.ts";
import { type QueryForm, readForm } from "./form.ts";
import { type QueryResult, toJson, toXml, xmlText } from "./result.ts";

/** What a Query operation is given: its parameters. What it gives: the content of its result element. */
export type QueryOperation = (form: QueryForm) => Operation<QueryResult>;

interface QueryServiceSpec {
  readonly name: AwsServiceName;
  readonly version: string;
  readonly operations: Readonly<Record<string, QueryOperation>>;
  readonly throttled: AwsFailure;
  readonly broken: AwsFailure;
}

/** Dispatch errors stand in another name space than the services' own. Source: STS, as it answered. */
const FAULT_NAMESPACE = "http://webservices.amazon.com/AWSFault/2005-15-09";

/** STS and IAM: parameters in a form, answers in XML, or in JSON when the caller accepts only that. */
export function queryService(spec: QueryServiceSpec): AwsService {
  const namespace = `https://${spec.name}.amazonaws.com/doc/${spec.version}/`;
  return {
    name: spec.name,
    operations: Object.keys(spec.operations),
    throttled: spec.throttled,
    broken: spec.broken,
    find(request, requestId) {
      const form = readForm(request);
      const action = form.get("Action") ?? "";
      const operation = Object.hasOwn(spec.operations, action) ? spec.operations[action] : undefined;
      if (!operation || form.get("Version") !== spec.version) {
        throw new AwsFailure(
          "InvalidAction",
          400,
          `Could not find operation ${action || "unspecified"} for version ${form.get("Version") ?? "NO_VERSION_SPECIFIED"}`,
        );
      }
      return bindOperation(operation(form), (result) =>
        success({ action, namespace, result, requestId, json: wantsJson(request) }),
      );
    },
    fail(failure, request, requestId) {
      const type = failure.status < 500 ? "Sender" : "Receiver";
      const { code, message } = failure;
      if (wantsJson(request)) {
        const error = { Code: code, Message: message, Type: type };
        return jsonReply(failure.status, { Error: error, RequestId: requestId }, requestId);
      }
      const xmlns = code === "InvalidAction" ? FAULT_NAMESPACE : namespace;
      const error = `<Type>${type}</Type><Code>${code}</Code><Message>${xmlText(message)}</Message>`;
      const body = `<ErrorResponse xmlns="${xmlns}"><Error>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
      return xmlReply(failure.status, body, requestId);
    },
  };
}

interface Success {
  readonly action: string;
  readonly namespace: string;
  readonly result: QueryResult;
  readonly requestId: string;
  readonly json: boolean;
}

function success({ action, namespace, result, requestId, json }: Success): AwsReply {
  const metadata = { ResponseMetadata: { RequestId: requestId } };
  if (json) {
    const content = { [`${action}Result`]: toJson(result), ...metadata };
    return jsonReply(200, { [`${action}Response`]: content }, requestId);
  }
  const content = `<${action}Result>${toXml(result)}</${action}Result>${toXml(metadata)}`;
  return xmlReply(200, `<${action}Response xmlns="${namespace}">${content}</${action}Response>`, requestId);
}

function wantsJson(request: AwsRequest): boolean {
  return (request.headers["accept"] ?? "").includes("application/json");
}

function xmlReply(status: number, body: string, requestId: string): AwsReply {
  return { status, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId }, body };
}

function jsonReply(status: number, body: unknown, requestId: string): AwsReply {
  const headers = { "content-type": "application/json", "x-amzn-requestid": requestId };
  return { status, headers, body: JSON.stringify(body) };
}
