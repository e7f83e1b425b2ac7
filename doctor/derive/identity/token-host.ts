import { acceptingClusters } from "../../../token/eks/verifier-hosts.ts";

/**
 * Why a verifier in this partition refuses a token that was signed for this host; undefined if it accepts it. If the partition is
 * unknown, a host that any verifier accepts is not refused. Source: token/eks/EKS-TOKEN.md, "Hosts".
 */
export function hostRefusal(host: string, partition: string | undefined): string | undefined {
  const accepting = acceptingClusters(host).map((clusters) => clusters.partition);
  if (accepting.length === 0) return "it is not a host of AWS STS that EKS accepts";
  if (partition === undefined || accepting.includes(partition)) return undefined;
  return `only clusters of partition ${accepting.join(" and ")} accept it, and this one is of ${partition}`;
}
