import { partitionOfRegion } from "../../../token/hot/partition.ts";
import { stsHost } from "../../../token/hot/sts-host.ts";

/**
 * The one host of STS that belongs to no region; only verifiers of partition `aws` take it.
 * Source: token/eks/EKS-TOKEN.md, "Hosts".
 */
const GLOBAL_HOST = "sts.amazonaws.com";

/**
 * Why a verifier of this partition refuses a token that is signed for this host; undefined when it takes it. An unknown
 * partition refuses nothing that some verifier takes.
 */
export function hostRefusal(host: string, partition: string | undefined): string | undefined {
  if (host === GLOBAL_HOST) {
    return partition === undefined || partition === "aws"
      ? undefined
      : `the global host is not accepted in partition ${partition}`;
  }
  const region = host.split(".")[1] ?? "";
  const flags = [false, true];
  const isSts = flags.some((fips) =>
    flags.some((dualStack) => stsHost(region, { fips, dualStack }) === host),
  );
  if (!isSts) return "it is not a host of AWS STS that EKS accepts";
  const own = partitionOfRegion(region).id;
  return partition === undefined || own === partition
    ? undefined
    : `it belongs to partition ${own}, the cluster to ${partition}`;
}
