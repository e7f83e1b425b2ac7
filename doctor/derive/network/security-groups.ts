import { type DoctorEvidence, knownValue, type SecurityGroupJson } from "../../evidence/evidence.ts";
import { isInRange } from "../../evidence/ip-address.ts";

type Permission = SecurityGroupJson["IpPermissions"][number];

const HTTPS = 443;

/**
 * Whether the security groups of the cluster's endpoint let this machine in on port 443. Undefined: they are not known, or
 * it depends on what is not known of this machine.
 *
 * Source: doctor/EKS-ACCESS.md, "Cluster and network"; EC2, security groups only allow, and all that apply add up.
 */
export function admitsThisMachine(
  evidence: Pick<DoctorEvidence, "cluster" | "securityGroups" | "network">,
): boolean | undefined {
  const { clusterSecurityGroupId, securityGroupIds = [] } =
    knownValue(evidence.cluster)?.cluster.resourcesVpcConfig ?? {};
  const ids = [clusterSecurityGroupId, ...securityGroupIds].filter((id) => id !== undefined);
  const groups = knownValue(evidence.securityGroups)?.SecurityGroups ?? [];
  const addresses = knownValue(evidence.network)?.localAddresses;
  const answers = ids.flatMap((id) => {
    const group = groups.find(({ GroupId }) => GroupId === id);
    return group === undefined
      ? [undefined]
      : group.IpPermissions.map((rule) => admits(rule, ids, addresses));
  });
  if (ids.length === 0 || answers.includes(true)) return ids.length === 0 ? undefined : true;
  return answers.includes(undefined) ? undefined : false;
}

/** Members of the cluster's own groups are its nodes: where this machine is one of them is not known. */
function admits(rule: Permission, own: readonly string[], addresses: readonly string[] | undefined) {
  if (!coversHttps(rule)) return false;
  const ranges = [
    ...(rule.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
    ...(rule.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
  ];
  if (ranges.some((range) => range.endsWith("/0"))) return true;
  if (ranges.length > 0 && addresses === undefined) return undefined;
  if (addresses?.some((address) => ranges.some((range) => isInRange(address, range)))) return true;
  return rule.UserIdGroupPairs?.some(({ GroupId }) => !own.includes(GroupId)) ? undefined : false;
}

function coversHttps({ IpProtocol, FromPort, ToPort }: Permission): boolean {
  if (IpProtocol === "-1") return true;
  return IpProtocol === "tcp" && (FromPort ?? 0) <= HTTPS && (ToPort ?? HTTPS) >= HTTPS;
}
