import { flag, list, number, open, optional, text } from "../../../token/schema.ts";

const PERMISSION = open("One inbound rule.", {
  IpProtocol: optional(text("Protocol: `tcp`; `-1` for all.")),
  FromPort: optional(number("First port; absent if the rule is for all protocols.")),
  ToPort: optional(number("Last port.")),
  IpRanges: optional(list(open("A network.", { CidrIp: text("`10.0.0.0/16`") }))),
  Ipv6Ranges: optional(list(open("A network.", { CidrIpv6: text("`2001:db8::/32`") }))),
  PrefixListIds: optional(list(open("A prefix list of networks.", { PrefixListId: text("`pl-…`") }))),
  UserIdGroupPairs: optional(list(open("Members of a security group.", { GroupId: text("`sg-…`") }))),
});

export const SECURITY_GROUP = open("A security group.", {
  GroupId: text("`sg-…`"),
  IpPermissions: list(PERMISSION, "Inbound rules."),
});

export const ROUTE = open("A route.", {
  DestinationCidrBlock: optional(text("`10.0.0.0/16`")),
  DestinationPrefixListId: optional(text("`pl-…`, a prefix list.")),
  GatewayId: optional(text("`local` for the VPC's own networks; `igw-…`, `vgw-…`, `vpce-…`.")),
  NatGatewayId: optional(text("`nat-…`")),
  TransitGatewayId: optional(text("`tgw-…`")),
  VpcPeeringConnectionId: optional(text("`pcx-…`")),
  NetworkInterfaceId: optional(text("`eni-…`, such as that of a firewall or router.")),
  InstanceId: optional(text("`i-…`, the instance with this interface.")),
  State: optional(text("`active`, or `blackhole` if its target no longer exists.")),
});

export const ROUTE_TABLE = open("A route table.", {
  RouteTableId: optional(text("`rtb-…`")),
  VpcId: optional(text("`vpc-…`")),
  Routes: list(ROUTE, "Routes of the table."),
});

const SWITCH = open("An attribute.", { Value: flag("Whether the attribute is enabled.") });

export const VPC_ATTRIBUTE = open("The answer for one attribute.", {
  VpcId: optional(text("`vpc-…`")),
  EnableDnsSupport: optional(SWITCH),
  EnableDnsHostnames: optional(SWITCH),
});
