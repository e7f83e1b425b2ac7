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

/**
 * Regions that an account must enable, where session tokens of version 1 are refused. A newer region that is not listed counts as
 * an ordinary one, which makes a diagnosis less precise, but not wrong.
 *
 * Source: AWS, Account Management guide, "Enable or disable AWS Regions", opt-in list (2025).
 */
const OPT_IN: ReadonlySet<string> = new Set([
  "af-south-1",
  "ap-east-1",
  "ap-east-2",
  "ap-south-2",
  "ap-southeast-3",
  "ap-southeast-4",
  "ap-southeast-5",
  "ap-southeast-6",
  "ap-southeast-7",
  "ca-west-1",
  "eu-central-2",
  "eu-south-1",
  "eu-south-2",
  "il-central-1",
  "me-central-1",
  "me-south-1",
  "mx-central-1",
]);

export function isOptInRegion(region: string): boolean {
  return OPT_IN.has(region);
}
