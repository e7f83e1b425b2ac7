import type { Caller } from "./caller.ts";
import type { AwsServiceName } from "./endpoint.ts";
import type { AwsFailure } from "./failure.ts";
import type { CallContext, Operation } from "./operation.ts";
import type { AwsReply, AwsRequest } from "./request.ts";

/** An operation bound to its service's wire format. */
export interface BoundOperation {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly signed: boolean;
  /** `caller` is undefined only when `signed` is false. */
  answer(context: CallContext, caller: Caller | undefined): Promise<AwsReply>;
}

/** One of AWS's services: how it reads requests, and how it says yes and no. */
export interface AwsService {
  readonly name: AwsServiceName;
  /** Names of all operations that it has. */
  readonly operations: readonly string[];
  /** Which operation a request asks for; throws the service's own refusal when there is none. */
  find(request: AwsRequest, requestId: string): BoundOperation;
  fail(failure: AwsFailure, request: AwsRequest, requestId: string): AwsReply;
  /** Code, status and text of the service's throttling and of its failures. */
  readonly throttled: AwsFailure;
  readonly broken: AwsFailure;
}

export function bindOperation<Result>(
  operation: Operation<Result>,
  write: (result: Result) => AwsReply,
): BoundOperation {
  return {
    name: operation.name,
    parameters: operation.parameters,
    signed: operation.signed,
    async answer(context, caller) {
      if (!operation.signed) return write(await operation.run(context));
      if (!caller) throw new Error(`${operation.name} was answered without a caller`);
      return write(await operation.run(context, caller));
    },
  };
}
