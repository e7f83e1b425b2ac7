import { acceptingClusters } from "../../../token/eks/verifier-hosts.ts";

/**
 * Why a verifier in this partition refuses a token that was signed for this host; undefined if it accepts it. If the partition is
 * unknown, a host that any verifier accepts is not refused. Source: token/eks/EKS-TOKEN.md, "Hosts".
 */
export function hostRefusal(host: string, partition: string | undefined): string | undefined {
  const accepting = acceptingClusters(host).map((clusters) => clusters.partition);
  if (accepting.length === 0) return "EKS does not accept this STS host";
  if (partition === undefined || accepting.includes(partition)) return undefined;
  return `only clusters in partition ${accepting.join(" and ")} accept it, but this one is in ${partition}`;
}
