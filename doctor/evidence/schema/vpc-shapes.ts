import { flag, list, number, open, optional, text } from "../../../token/schema.ts";

const PERMISSION = open("One rule for what comes in.", {
  IpProtocol: optional(text("`tcp`; `-1` for all.")),
  FromPort: optional(number("First port; absent with all protocols.")),
  ToPort: optional(number("Last port.")),
  IpRanges: optional(list(open("A network.", { CidrIp: text("`10.0.0.0/16`") }))),
  Ipv6Ranges: optional(list(open("A network.", { CidrIpv6: text("`2001:db8::/32`") }))),
  PrefixListIds: optional(list(open("A list of networks.", { PrefixListId: text("`pl-…`") }))),
  UserIdGroupPairs: optional(list(open("Members of a group.", { GroupId: text("`sg-…`") }))),
});

export const SECURITY_GROUP = open("A security group.", {
  GroupId: text("`sg-…`"),
  IpPermissions: list(PERMISSION, "What may come in."),
});

export const ROUTE = open("A route.", {
  DestinationCidrBlock: optional(text("`10.0.0.0/16`")),
  DestinationPrefixListId: optional(text("`pl-…`, a list of networks.")),
  GatewayId: optional(text("`local` for the VPC's own networks; `igw-…`, `vgw-…`, `vpce-…`.")),
  NatGatewayId: optional(text("`nat-…`")),
  TransitGatewayId: optional(text("`tgw-…`")),
  VpcPeeringConnectionId: optional(text("`pcx-…`")),
  NetworkInterfaceId: optional(text("`eni-…`, of a firewall or router for instance.")),
  InstanceId: optional(text("`i-…`, the instance that has this interface.")),
  State: optional(text("`active`, or `blackhole` if its target no longer exists.")),
});

export const ROUTE_TABLE = open("A route table.", {
  RouteTableId: optional(text("`rtb-…`")),
  VpcId: optional(text("`vpc-…`")),
  Routes: list(ROUTE, "Where packets go."),
});

const SWITCH = open("A switch.", { Value: flag("Whether it is on.") });

export const VPC_ATTRIBUTE = open("The answer about one attribute.", {
  VpcId: optional(text("`vpc-…`")),
  EnableDnsSupport: optional(SWITCH),
  EnableDnsHostnames: optional(SWITCH),
});
