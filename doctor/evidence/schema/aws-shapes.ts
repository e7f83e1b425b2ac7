import {
  anything,
  either,
  flag,
  list,
  mapOf,
  number,
  open,
  optional,
  type Schema,
  text,
} from "../../../token/schema.ts";

/** A time as AWS prints it. */
function time(description: string): Schema<string | number> {
  return either(description, text("ISO 8601"), number("Seconds since 1970"));
}

export const CLUSTER = open("The cluster, as EKS describes it.", {
  name: text("Name of the cluster."),
  arn: optional(text("`arn:aws:eks:REGION:ACCOUNT:cluster/NAME`")),
  status: optional(text("`ACTIVE`, `CREATING`, `DELETING`, `FAILED`, `UPDATING`, `PENDING`.")),
  version: optional(text("Kubernetes version, such as `1.33`.")),
  platformVersion: optional(text("Platform version, such as `eks.10`.")),
  createdAt: optional(time("When the cluster was created.")),
  endpoint: optional(text("URL of the API server.")),
  roleArn: optional(text("ARN of the IAM role that EKS uses for the cluster.")),
  certificateAuthority: optional(
    open("CA of the API server's certificate.", {
      data: optional(text("CA certificate: base64-encoded PEM.")),
    }),
  ),
  accessConfig: optional(
    open("How IAM principals are mapped to Kubernetes users.", {
      authenticationMode: optional(text("`API`, `API_AND_CONFIG_MAP` or `CONFIG_MAP`.")),
      bootstrapClusterCreatorAdminPermissions: optional(
        flag("Whether the creator of the cluster became a cluster admin when the cluster was created."),
      ),
    }),
  ),
  resourcesVpcConfig: optional(
    open("Networks of the cluster.", {
      endpointPublicAccess: optional(flag("Whether the API server has public addresses.")),
      endpointPrivateAccess: optional(flag("Whether the API server has private addresses.")),
      publicAccessCidrs: optional(list(text(), "Networks that can reach the public addresses.")),
      clusterSecurityGroupId: optional(text("`sg-…`")),
      securityGroupIds: optional(list(text(), "IDs of the other security groups.")),
      vpcId: optional(text("`vpc-…`")),
    }),
  ),
  health: optional(
    open("Health issues that EKS reports.", {
      issues: optional(
        list(
          open("One health issue.", {
            code: optional(text("Code of the health issue, such as `StsRegionalEndpointDisabled`.")),
            message: optional(text("Message of the health issue, as EKS reports it.")),
          }),
        ),
      ),
    }),
  ),
  outpostConfig: optional(mapOf(anything("Any JSON."), "Present on clusters on an Outpost.")),
  id: optional(text("ID of a local cluster on an Outpost.")),
  identity: optional(mapOf(anything("Any JSON."), "OIDC issuer of the cluster.")),
});

export const ACCESS_ENTRY = open("The access entry.", {
  clusterName: optional(text("Name of the cluster.")),
  principalArn: text("ARN of the IAM principal, with its path."),
  kubernetesGroups: optional(list(text(), "Kubernetes groups, to which RBAC can bind roles.")),
  username: optional(text("Kubernetes username, or its template with `{{SessionName}}`.")),
  type: optional(text("`STANDARD` for users and CI; other types are for nodes.")),
  createdAt: optional(time("When the access entry was created.")),
  modifiedAt: optional(time("When the access entry was last changed.")),
});

export const ASSOCIATED_POLICIES = open("The access policies of one principal.", {
  clusterName: optional(text("Name of the cluster.")),
  principalArn: text("ARN of the IAM principal."),
  associatedAccessPolicies: list(
    open("One associated access policy.", {
      policyArn: text("`arn:aws:eks::aws:cluster-access-policy/NAME`"),
      accessScope: open("Where the policy applies.", {
        type: text("`cluster` or `namespace`."),
        namespaces: optional(list(text(), "Namespaces, or prefixes that end in `*`.")),
      }),
      associatedAt: optional(time("When the policy was associated.")),
      modifiedAt: optional(time("When the policy's scope was last changed.")),
    }),
  ),
});

export const ROLE = open("The IAM role.", {
  Arn: text("ARN of the role, with its path."),
  RoleId: optional(text("`AROA…`: changes when the role is deleted and recreated.")),
  RoleName: optional(text("Name of the role.")),
  Path: optional(text("Path of the role; `/` is the default path.")),
  CreateDate: optional(time("When the role was created.")),
  MaxSessionDuration: optional(number("Maximum session duration, in seconds.")),
  AssumeRolePolicyDocument: optional(anything("Trust policy of the role: an object, or URL-encoded JSON.")),
});

export const USER = open("The IAM user.", {
  Arn: text("ARN of the user, with its path."),
  UserId: optional(text("`AIDA…`: changes when the user is deleted and recreated.")),
  UserName: optional(text("Name of the user.")),
  CreateDate: optional(time("When the user was created.")),
});

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
