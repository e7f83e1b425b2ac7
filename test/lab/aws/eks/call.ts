import type { Cluster } from "../../model.ts";
import type { Caller } from "../caller.ts";
import { AwsFailure } from "../failure.ts";
import type { CallContext } from "../operation.ts";
import { denial } from "../policy/permission.ts";

/** One call of the EKS API, taken apart. */
export interface EksCall extends CallContext {
  readonly caller: Caller;
  /** The variable parts of the path, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

export function invalidParameter(message: string): AwsFailure {
  return new AwsFailure("InvalidParameterException", 400, message);
}

export function invalidRequest(message: string): AwsFailure {
  return new AwsFailure("InvalidRequestException", 400, message);
}

export function notFound(message: string): AwsFailure {
  return new AwsFailure("ResourceNotFoundException", 404, message);
}

/** AWS's message for a caller whose policies do not allow an action. */
export function requireAllowed(caller: Caller, action: string, resource: string): void {
  const ending = denial(caller, action, resource);
  if (ending === undefined) return;
  throw new AwsFailure(
    "AccessDeniedException",
    403,
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${ending}`,
  );
}

/** Clusters of the caller's account and the endpoint's region. */
export function clustersOf({ world, region, caller }: EksCall): Cluster[] {
  return world.clusters.filter((cluster) =>
    cluster.arn.startsWith(clusterArn({ world, region, caller }, "")),
  );
}

export function requireCluster(call: EksCall): Cluster {
  const name = call.path["name"] ?? "";
  const cluster = clustersOf(call).find((candidate) => candidate.name === name);
  if (!cluster) throw notFound(`No cluster found for name: ${name}.`);
  return cluster;
}

export function clusterArn(
  { world, region, caller }: Pick<EksCall, "world" | "region" | "caller">,
  name: string,
): string {
  return `arn:${world.partition}:eks:${region}:${caller.accountId}:cluster/${name}`;
}

/** Dates in the REST-JSON protocol: seconds since 1970. */
export function seconds(date: Date): number {
  return date.getTime() / 1000;
}

export function textList(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}
