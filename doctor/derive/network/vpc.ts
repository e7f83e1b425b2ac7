import {
  type DoctorEvidence,
  isExcerpt,
  knownValue,
  type RouteJson,
  type RouteTableJson,
  type SecurityGroupJson,
} from "../../evidence/evidence.ts";
import { isInRange } from "../../evidence/ip-address.ts";
import { workloadOf } from "../identity/workload.ts";
import { ownAddresses } from "./own-network.ts";

type RoutesCase = Pick<DoctorEvidence, "routeTables" | "network" | "cluster" | "excerpts">;

/** That there is no route from the cluster's network to this machine. */
export interface MissingRoute {
  /** `No route table of the VPC has a route to 10.8.0.5.` */
  readonly shown: string;
  /** The route whose target no longer exists. */
  readonly blackhole: Blackhole | undefined;
}

export interface Blackhole {
  readonly routeTable: string | undefined;
  readonly destination: string;
  /** The kind of its target, as an option of `aws ec2 replace-route`; undefined: the table does not say. */
  readonly through: (typeof THROUGH)[number]["option"] | undefined;
}

/**
 * Undefined: there is or may be a route, or the route tables or this machine's addresses are not known. Only IPv4 routes are
 * considered; in each table the most specific one counts, as in a VPC.
 */
export function missingRoute(evidence: RoutesCase): MissingRoute | undefined {
  const tables = clusterTables(evidence).filter(({ Routes }) => Routes.length > 0);
  const addresses = ownAddresses(evidence)?.filter((address) => !address.includes(":")) ?? [];
  if (tables.length === 0 || addresses.length === 0) return undefined;
  const taken = tables.flatMap((table) =>
    addresses.map((address) => ({ table, address, route: mostSpecific(table.Routes, address) })),
  );
  if (taken.some(({ route }) => route !== undefined && mayArrive(route))) return undefined;
  const gone = taken.find(({ route }) => route !== undefined && !isDefault(route));
  if (gone?.route !== undefined) {
    const { route, table } = gone;
    const { DestinationCidrBlock: destination = "" } = route;
    const inside = addresses.filter((address) => isInRange(address, destination)).join(", ");
    return {
      shown: `The route to ${destination}, which contains ${inside}, is a blackhole: its target no longer exists.`,
      blackhole: {
        routeTable: table.RouteTableId,
        destination,
        through: THROUGH.find(({ field }) => route[field] !== undefined)?.option,
      },
    };
  }
  const isPart = isExcerpt(evidence, "routeTables") || tables.some(({ Routes }) => Routes.some(isOpenList));
  if (isPart) return undefined;
  const to = addresses.join(", ");
  return { shown: `No route table in the cluster's VPC has a route to ${to}.`, blackhole: undefined };
}

const EVERYWHERE = "0.0.0.0/0";

function isDefault({ DestinationCidrBlock }: RouteJson): boolean {
  return DestinationCidrBlock === EVERYWHERE;
}

function mostSpecific(routes: readonly RouteJson[], address: string): RouteJson | undefined {
  return routes
    .filter(
      ({ DestinationCidrBlock: destination }) => destination !== undefined && isInRange(address, destination),
    )
    .toSorted((a, b) => prefixLength(b) - prefixLength(a))[0];
}

function prefixLength({ DestinationCidrBlock = "" }: RouteJson): number {
  return Number(DestinationCidrBlock.split("/")[1]);
}

/** Whether a route may lead to this machine; not a default route to the internet, where private addresses do not exist. */
function mayArrive(route: RouteJson): boolean {
  const { GatewayId = "", NatGatewayId, State } = route;
  if (State === "blackhole") return false;
  return !isDefault(route) || (NatGatewayId === undefined && !GatewayId.startsWith("igw-"));
}

/** Whether the route is to a prefix list, whose networks are not known, and not to an AWS service. */
function isOpenList({ DestinationPrefixListId, GatewayId = "", State }: RouteJson): boolean {
  return DestinationPrefixListId !== undefined && State !== "blackhole" && !GatewayId.startsWith("vpce-");
}

/** Fields of a route, and the corresponding options of `aws ec2 replace-route`. */
const THROUGH = [
  { field: "TransitGatewayId", option: "transit-gateway-id" },
  { field: "VpcPeeringConnectionId", option: "vpc-peering-connection-id" },
  { field: "NatGatewayId", option: "nat-gateway-id" },
  { field: "NetworkInterfaceId", option: "network-interface-id" },
  { field: "InstanceId", option: "instance-id" },
  { field: "GatewayId", option: "gateway-id" },
] as const;

/**
 * Whether this machine is in the cluster's VPC: one of its addresses is in a network of the VPC itself. Undefined: its addresses
 * or these networks are not known.
 */
export function isInVpc(evidence: RoutesCase): boolean | undefined {
  const addresses = ownAddresses(evidence);
  if (addresses === undefined) return undefined;
  const own = clusterTables(evidence)
    .flatMap(({ Routes }) => Routes)
    .flatMap(({ GatewayId, DestinationCidrBlock = "" }) =>
      GatewayId === "local" ? [DestinationCidrBlock] : [],
    );
  if (own.length === 0) return undefined;
  return addresses.some((address) => own.some((network) => isInRange(address, network)));
}

/** Whether the cluster's network sees this machine under its own address, and not that of a NAT or VPN. */
export function isSeenAsItIs(evidence: RoutesCase & Pick<DoctorEvidence, "workload">): boolean {
  return workloadOf(evidence)?.kind === "instance" || isInVpc(evidence) === true;
}

/** The route tables of the cluster's VPC; those that do not name their VPC are included. */
function clusterTables({ routeTables, cluster }: RoutesCase): readonly RouteTableJson[] {
  const vpc = knownValue(cluster)?.cluster.resourcesVpcConfig?.vpcId;
  return (knownValue(routeTables)?.RouteTables ?? []).filter(
    ({ VpcId }) => VpcId === undefined || vpc === undefined || VpcId === vpc,
  );
}

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
  const endpoint = knownValue(evidence.network)?.addresses;
  const isIpv6 = endpoint?.every((address) => !address.includes(":")) !== true;
  const machine = { addresses: ownAddresses(evidence), isIpv6, own };
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

function coversHttps({ IpProtocol, FromPort, ToPort }: Permission): boolean {
  if (IpProtocol === "-1") return true;
  return IpProtocol === "tcp" && (FromPort ?? 0) <= HTTPS && (ToPort ?? HTTPS) >= HTTPS;
}
