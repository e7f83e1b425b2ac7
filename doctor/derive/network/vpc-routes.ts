import { type DoctorEvidence, isExcerpt, knownValue, type RouteJson } from "../../evidence/evidence.ts";
import { isInRange } from "../../evidence/ip-address.ts";
import { workloadOf } from "../identity/workload.ts";
import { ownAddresses } from "./own-addresses.ts";

type RoutesCase = Pick<DoctorEvidence, "routeTables" | "network" | "cluster" | "excerpts">;

/** A way from the cluster's network to this machine that is not there, in words. */
export interface MissingRoute {
  /** `No route table of the VPC has a route to 10.8.0.5.` */
  readonly shown: string;
  /** The route that leads to something which is gone. */
  readonly blackhole: Blackhole | undefined;
}

export interface Blackhole {
  readonly routeTable: string | undefined;
  readonly destination: string;
  /** What it leads to, as `aws ec2 replace-route` names it: `transit-gateway-id`. */
  readonly through: "transit-gateway-id" | "vpc-peering-connection-id" | "gateway-id";
}

/**
 * Undefined: there is a way, or there may be one, or the route tables or this machine's addresses are not known. Routes are
 * of IPv4.
 */
export function missingRoute(evidence: RoutesCase): MissingRoute | undefined {
  const routes = clusterRoutes(evidence);
  const addresses = ownAddresses(evidence)?.filter((address) => !address.includes(":")) ?? [];
  if (routes.length === 0 || addresses.length === 0) return undefined;
  const to = addresses.join(", ");
  const own = routes.filter(
    ({ route: { DestinationCidrBlock: destination } }) =>
      destination !== undefined &&
      destination !== EVERYWHERE &&
      addresses.some((address) => isInRange(address, destination)),
  );
  if (own.some(({ route }) => route.State !== "blackhole")) return undefined;
  const [gone] = own;
  if (gone !== undefined) {
    const { DestinationCidrBlock: destination = "" } = gone.route;
    return {
      shown: `The route to ${destination}, which has ${to}, is a blackhole: what it leads to is gone.`,
      blackhole: { routeTable: gone.table, destination, through: throughWhat(gone.route) },
    };
  }
  const isPart = isExcerpt(evidence, "routeTables") || routes.some(({ route }) => mayLeadAnywhere(route));
  return isPart
    ? undefined
    : { shown: `No route table of the cluster's VPC has a route to ${to}.`, blackhole: undefined };
}

const EVERYWHERE = "0.0.0.0/0";

/** A default route that does not go to the internet, where private addresses are nowhere; networks that only a list names. */
function mayLeadAnywhere({
  DestinationCidrBlock,
  DestinationPrefixListId,
  GatewayId = "",
  NatGatewayId,
  State,
}: RouteJson): boolean {
  if (State === "blackhole") return false;
  if (DestinationPrefixListId !== undefined) return !GatewayId.startsWith("vpce-");
  return DestinationCidrBlock === EVERYWHERE && NatGatewayId === undefined && !GatewayId.startsWith("igw-");
}

function throughWhat({
  TransitGatewayId,
  VpcPeeringConnectionId,
  GatewayId,
}: RouteJson): Blackhole["through"] {
  if (VpcPeeringConnectionId !== undefined) return "vpc-peering-connection-id";
  return GatewayId !== undefined && TransitGatewayId === undefined ? "gateway-id" : "transit-gateway-id";
}

/**
 * Whether this machine is in the cluster's VPC: one of its addresses is in a network of the VPC itself. Undefined: its
 * addresses or these networks are not known.
 */
export function isInVpc(evidence: RoutesCase): boolean | undefined {
  const addresses = ownAddresses(evidence);
  if (addresses === undefined) return undefined;
  const own = clusterRoutes(evidence).flatMap(({ route: { GatewayId, DestinationCidrBlock = "" } }) =>
    GatewayId === "local" ? [DestinationCidrBlock] : [],
  );
  if (own.length === 0) return undefined;
  return addresses.some((address) => own.some((network) => isInRange(address, network)));
}

/** Whether the cluster's network sees this machine under its own address, and not under that of a NAT or VPN. */
export function isSeenAsItIs(evidence: RoutesCase & Pick<DoctorEvidence, "workload">): boolean {
  return workloadOf(evidence)?.kind === "instance" || isInVpc(evidence) === true;
}

/** The routes of the cluster's VPC, as far as the tables say whose they are. */
function clusterRoutes({ routeTables, cluster }: RoutesCase) {
  const tables = knownValue(routeTables)?.RouteTables ?? [];
  const vpc = knownValue(cluster)?.cluster.resourcesVpcConfig?.vpcId;
  return tables
    .filter(({ VpcId }) => VpcId === undefined || vpc === undefined || VpcId === vpc)
    .flatMap(({ RouteTableId: table, Routes }) => Routes.map((route) => ({ table, route })));
}
