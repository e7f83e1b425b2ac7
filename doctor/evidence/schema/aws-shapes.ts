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
  name: text("Its name."),
  arn: optional(text("`arn:aws:eks:REGION:ACCOUNT:cluster/NAME`")),
  status: optional(text("`ACTIVE`, `CREATING`, `DELETING`, `FAILED`, `UPDATING`, `PENDING`.")),
  version: optional(text("Kubernetes version, such as `1.33`.")),
  platformVersion: optional(text("Platform version, such as `eks.10`.")),
  createdAt: optional(time("When it was created.")),
  endpoint: optional(text("URL of the API server.")),
  roleArn: optional(text("The IAM role with which EKS acts for the cluster.")),
  certificateAuthority: optional(
    open("The CA of its certificates.", {
      data: optional(text("The certificate, base64 of PEM.")),
    }),
  ),
  accessConfig: optional(
    open("How principals are mapped to users.", {
      authenticationMode: optional(text("`API`, `API_AND_CONFIG_MAP` or `CONFIG_MAP`.")),
      bootstrapClusterCreatorAdminPermissions: optional(flag("Whether its creator became administrator.")),
    }),
  ),
  resourcesVpcConfig: optional(
    open("Its networks.", {
      endpointPublicAccess: optional(flag("Whether the endpoint has public addresses.")),
      endpointPrivateAccess: optional(flag("Whether it has private ones.")),
      publicAccessCidrs: optional(list(text(), "Who may reach the public ones.")),
      clusterSecurityGroupId: optional(text("`sg-…`")),
      securityGroupIds: optional(list(text(), "More of them.")),
      vpcId: optional(text("`vpc-…`")),
    }),
  ),
  health: optional(
    open("Problems that EKS itself reports.", {
      issues: optional(
        list(
          open("One complaint.", {
            code: optional(text("Such as `StsRegionalEndpointDisabled`.")),
            message: optional(text("Its words.")),
          }),
        ),
      ),
    }),
  ),
  outpostConfig: optional(mapOf(anything("Any JSON."), "Present on clusters of an Outpost.")),
  id: optional(text("Id of a local cluster on an Outpost.")),
  identity: optional(mapOf(anything("Any JSON."), "The cluster's own OIDC issuer.")),
});

export const ACCESS_ENTRY = open("The entry.", {
  clusterName: optional(text("The cluster's name.")),
  principalArn: text("The IAM principal, with its path."),
  kubernetesGroups: optional(list(text(), "Groups that RBAC can bind.")),
  username: optional(text("User name, or its template with `{{SessionName}}`.")),
  type: optional(text("`STANDARD` for people; others are for nodes.")),
  createdAt: optional(time("When it was created.")),
  modifiedAt: optional(time("When it was last changed.")),
});

export const ASSOCIATED_POLICIES = open("The policies of one principal.", {
  clusterName: optional(text("The cluster's name.")),
  principalArn: text("The IAM principal."),
  associatedAccessPolicies: list(
    open("One policy.", {
      policyArn: text("`arn:aws:eks::aws:cluster-access-policy/NAME`"),
      accessScope: open("Where it holds.", {
        type: text("`cluster` or `namespace`."),
        namespaces: optional(list(text(), "Namespaces, or beginnings that end in `*`.")),
      }),
      associatedAt: optional(time("When it was associated.")),
      modifiedAt: optional(time("When its scope was last changed.")),
    }),
  ),
});

export const ROLE = open("The role.", {
  Arn: text("Its ARN, with its path."),
  RoleId: optional(text("`AROA…`: changes when the role is deleted and recreated.")),
  RoleName: optional(text("Its name.")),
  Path: optional(text("`/` when it has none.")),
  CreateDate: optional(time("When it was created.")),
  MaxSessionDuration: optional(number("Longest session, in seconds.")),
  AssumeRolePolicyDocument: optional(anything("Its trust policy: an object, or URL-encoded JSON.")),
});

export const USER = open("The user.", {
  Arn: text("Its ARN, with its path."),
  UserId: optional(text("`AIDA…`: changes when the user is deleted and recreated.")),
  UserName: optional(text("Its name.")),
  CreateDate: optional(time("When it was created.")),
});
