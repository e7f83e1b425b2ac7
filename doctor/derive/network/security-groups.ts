import {
  type DoctorEvidence,
  isExcerpt,
  knownValue,
  type SecurityGroupJson,
} from "../../evidence/evidence.ts";
import { isInRange } from "../../evidence/ip-address.ts";
import { ownAddresses } from "./own-addresses.ts";

type Permission = SecurityGroupJson["IpPermissions"][number];

const HTTPS = 443;

/**
 * What the security groups of the cluster's endpoint allow on port 443: this machine, others but not this machine, or members of
 * these groups.
 */
export type Admission = "this machine" | "others" | "members";

/**
 * Undefined: the groups are not completely known, or the answer depends on what is not known about this machine. `members`: only
 * members of these groups, such as nodes, and perhaps this machine.
 *
 * Source: doctor/EKS-ACCESS.md, "Cluster and network"; EC2, security groups only allow, and all that apply add up.
 */
export function admissionOf(
  evidence: Pick<DoctorEvidence, "cluster" | "securityGroups" | "network" | "excerpts">,
): Admission | undefined {
  const { clusterSecurityGroupId, securityGroupIds } =
    knownValue(evidence.cluster)?.cluster.resourcesVpcConfig ?? {};
  const own = [clusterSecurityGroupId, ...(securityGroupIds ?? [])].filter((id) => id !== undefined);
  const groups = knownValue(evidence.securityGroups)?.SecurityGroups ?? [];
  const rules = groups
    .filter(({ GroupId }) => own.includes(GroupId))
    .flatMap(({ IpPermissions }) => IpPermissions.filter(coversHttps));
  const machine = { addresses: ownAddresses(evidence), isIpv6: hasIpv6(evidence), own };
  const answers = rules.map((rule) => admissionBy(rule, machine));
  if (answers.includes("this machine")) return "this machine";
  const isWhole =
    clusterSecurityGroupId !== undefined &&
    securityGroupIds !== undefined &&
    own.every((id) => groups.some(({ GroupId }) => GroupId === id)) &&
    !isExcerpt(evidence, "securityGroups");
  if (!isWhole || answers.includes(undefined)) return undefined;
  return answers.includes("members") ? "members" : "others";
}

/** What is known about this machine, and the groups of the endpoint. */
interface Machine {
  readonly addresses: readonly string[] | undefined;
  /** False: the endpoint has no IPv6 address, so no one connects over IPv6. */
  readonly isIpv6: boolean;
  readonly own: readonly string[];
}

function admissionBy(
  { IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [] }: Permission,
  { addresses, isIpv6, own }: Machine,
): Admission | undefined {
  const ranges = [
    ...IpRanges.map(({ CidrIp }) => CidrIp),
    ...(isIpv6 ? Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6) : []),
  ];
  if (ranges.includes("0.0.0.0/0")) return "this machine";
  if (addresses?.some((address) => ranges.some((range) => isInRange(address, range)))) return "this machine";
  if (ranges.length > 0 && addresses === undefined) return undefined;
  if (PrefixListIds.length > 0 || UserIdGroupPairs.some(({ GroupId }) => !own.includes(GroupId)))
    return undefined;
  return UserIdGroupPairs.length > 0 ? "members" : "others";
}

function hasIpv6({ network }: Pick<DoctorEvidence, "network">): boolean {
  return knownValue(network)?.addresses?.every((address) => !address.includes(":")) !== true;
}

function coversHttps({ IpProtocol, FromPort, ToPort }: Permission): boolean {
  if (IpProtocol === "-1") return true;
  return IpProtocol === "tcp" && (FromPort ?? 0) <= HTTPS && (ToPort ?? HTTPS) >= HTTPS;
}
