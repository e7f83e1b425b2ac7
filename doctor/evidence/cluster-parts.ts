import { aws, kubectl, SHOW_AWS_AUTH, structure } from "../../token/command/command.ts";
import { sentence } from "../../token/command/sentence.ts";
import { anything, either, list, mapOf, nothing, open, optional, text } from "../../token/schema.ts";
import { answer, type EvidenceNames, FAILED, type PartEntry, part, printedByAws } from "./part.ts";
import * as awsShapes from "./schema/aws-shapes.ts";
import * as kubernetes from "./schema/kubernetes-shapes.ts";
import { CREATOR, WORKLOAD } from "./schema/told-shapes.ts";

const ofCluster = ({ cluster, region }: EvidenceNames) => ({ "cluster-name": cluster, region });
const ofPrincipal = (names: EvidenceNames) => ({ ...ofCluster(names), "principal-arn": names.roleArn });

/** Parts that AWS and the cluster report. */
export const CLUSTER_PARTS = {
  cluster: {
    schema: part(answer("cluster", awsShapes.CLUSTER)),
    words: "the EKS description of the cluster",
    ...printedByAws("eks describe-cluster", ({ cluster: name, region }) => ({ name, region })),
    about: "cluster",
    right: "eks:DescribeCluster",
    mayBeExcerpt: true,
    none: "ResourceNotFoundException: No cluster found for that name.",
    fields: [["cluster"]],
    always: [
      "cluster.arn",
      "cluster.status",
      "cluster.createdAt",
      "cluster.endpoint",
      "cluster.accessConfig.authenticationMode",
      "cluster.resourcesVpcConfig.endpointPublicAccess",
      "cluster.resourcesVpcConfig.publicAccessCidrs",
    ],
  },
  clusters: {
    schema: part(answer("clusters", list(text("Name of a cluster.")))),
    words: "the list of clusters",
    ...printedByAws("eks list-clusters", ({ region }) => ({ region })),
    about: "cluster",
    right: "eks:ListClusters",
    mayBeExcerpt: true,
    fields: [["clusters"]],
  },
  accessEntries: {
    schema: part(answer("accessEntries", list(text("ARN of a principal.")))),
    words: "the list of access entries",
    ...printedByAws("eks list-access-entries", ofCluster),
    about: "cluster",
    right: "eks:ListAccessEntries",
    mayBeExcerpt: true,
    fields: [["accessEntries"]],
  },
  accessEntryDetails: {
    schema: part(list(answer("accessEntry", awsShapes.ACCESS_ENTRY))),
    words: "an access entry",
    ...printedByAws("eks describe-access-entry", ofPrincipal),
    about: "principal",
    right: "eks:DescribeAccessEntry",
    mayBeExcerpt: true,
    fields: [["accessEntry"]],
    always: ["kubernetesGroups", "username", "type", "createdAt", "modifiedAt"].map(
      (f) => `accessEntry.${f}`,
    ),
  },
  associatedPolicies: {
    schema: part(list(awsShapes.ASSOCIATED_POLICIES)),
    words: "a principal's access policies",
    ...printedByAws("eks list-associated-access-policies", ofPrincipal),
    about: "principal",
    right: "eks:ListAssociatedAccessPolicies",
    mayBeExcerpt: true,
    fields: [["associatedAccessPolicies"]],
    always: ["accessScope.namespaces", "associatedAt", "modifiedAt"].map(
      (field) => `associatedAccessPolicies.${field}`,
    ),
  },
  role: {
    schema: part(answer("Role", awsShapes.ROLE)),
    words: "an IAM role",
    ...printedByAws("iam get-role", ({ role }) => ({ "role-name": role })),
    about: "principal",
    right: "iam:GetRole",
    mayBeExcerpt: true,
    none: "NoSuchEntity: The role cannot be found.",
    fields: [["Role"]],
    always: ["Role.RoleId", "Role.CreateDate"],
  },
  roles: {
    schema: part(answer("Roles", list(awsShapes.ROLE))),
    words: "the list of IAM roles",
    ...printedByAws("iam list-roles"),
    about: "account",
    isOnlyTold: true,
    right: "iam:ListRoles",
    mayBeExcerpt: true,
    fields: [["Roles"]],
    always: ["Roles.RoleId", "Roles.CreateDate"],
  },
  user: {
    schema: part(answer("User", awsShapes.USER)),
    words: "an IAM user",
    ...printedByAws("iam get-user", () => ({ "user-name": "USER" })),
    about: "account",
    isOnlyTold: true,
    right: "iam:GetUser",
    none: "NoSuchEntity: The user cannot be found.",
    fields: [["User"]],
    always: ["User.UserId", "User.CreateDate"],
  },
  clusterCreator: {
    schema: part(CREATOR),
    words: "the creator of the cluster",
    ...printedByAws("cloudtrail lookup-events", ({ region }) => ({
      region,
      "lookup-attributes": "AttributeKey=EventName,AttributeValue=CreateCluster",
    })),
    about: "account",
    isOnlyTold: true,
    right: "cloudtrail:LookupEvents",
  },
  workload: {
    schema: part(WORKLOAD),
    words: "the pod or instance that the client runs in",
    source: (names) =>
      sentence`${kubectl("get pod,serviceaccount", { n: "NAMESPACE", o: "yaml" })} and ${aws("eks list-pod-identity-associations", ofCluster(names))}`,
    about: "case",
    isOnlyTold: true,
    merges: "fields",
  },
  securityGroups: {
    schema: part(answer("SecurityGroups", list(awsShapes.SECURITY_GROUP))),
    words: "security groups",
    ...printedByAws("ec2 describe-security-groups", ({ region }) => ({
      region,
      "group-ids": "SECURITY_GROUP",
    })),
    about: "account",
    isOnlyTold: true,
    right: "ec2:DescribeSecurityGroups",
    mayBeExcerpt: true,
    fields: [["SecurityGroups"]],
  },
  routeTables: {
    schema: part(answer("RouteTables", list(awsShapes.ROUTE_TABLE))),
    words: "route tables",
    ...printedByAws("ec2 describe-route-tables", ({ region }) => ({
      region,
      filters: "Name=vpc-id,Values=VPC",
    })),
    about: "account",
    isOnlyTold: true,
    right: "ec2:DescribeRouteTables",
    mayBeExcerpt: true,
    fields: [["RouteTables"]],
  },
  vpcAttributes: {
    schema: part(list(awsShapes.VPC_ATTRIBUTE)),
    words: "the VPC's DNS settings",
    aws: "ec2 describe-vpc-attribute",
    source: ({ region }) => {
      const ask = (attribute: string) =>
        aws("ec2 describe-vpc-attribute", { region, "vpc-id": "VPC", attribute });
      return sentence`${ask("enableDnsSupport")} and ${ask("enableDnsHostnames")}`;
    },
    about: "account",
    isOnlyTold: true,
    right: "ec2:DescribeVpcAttribute",
    fields: [["EnableDnsSupport"], ["EnableDnsHostnames"]],
  },
  openIdConnectProviders: {
    schema: part(
      answer("OpenIDConnectProviderList", list(open("A provider.", { Arn: text("ARN of the provider.") }))),
    ),
    words: "the account's OIDC providers",
    ...printedByAws("iam list-open-id-connect-providers"),
    about: "account",
    right: "iam:ListOpenIDConnectProviders",
    fields: [["OpenIDConnectProviderList"]],
  },
  awsAuth: {
    schema: optional(
      either(undefined, kubernetes.CONFIG_MAP, text("The ConfigMap as YAML."), nothing, FAILED),
    ),
    words: "aws-auth",
    source: () => [SHOW_AWS_AUTH],
    about: "cluster",
    right: "get configmaps/aws-auth",
    mayBeExcerpt: true,
    kubectl: /^get (?:cm|configmaps?)[ /]aws-auth\b/,
  },
  selfSubjectReview: {
    schema: part(kubernetes.SELF_SUBJECT_REVIEW),
    words: "the caller's Kubernetes identity",
    source: () => [kubectl("auth whoami", { o: "json" })],
    about: "caller",
    kubectl: /^auth whoami\b/,
    always: ["status.userInfo.username", "status.userInfo.groups"],
  },
  accessReviews: {
    schema: part(list(kubernetes.ACCESS_REVIEW)),
    words: "answers from kubectl auth can-i",
    source: ({ verb, resource, namespace }) => [
      kubectl("auth can-i", { n: namespace, v: "8" }, verb, resource),
    ],
    about: "caller",
    kubectl: /^auth can-i\b/,
  },
  rbac: {
    schema: part(answer("items", list(kubernetes.RBAC_OBJECT))),
    words: "RBAC roles and bindings",
    source: () => [
      kubectl("get clusterroles,clusterrolebindings,roles,rolebindings", { A: true, o: "json" }),
    ],
    about: "cluster",
    right: "list clusterroles.rbac.authorization.k8s.io",
    mayBeExcerpt: true,
    kubectl: /^get (?:cluster)?role(?:binding)?s?\b/,
    merges: { items: "items" },
  },
  namespaces: {
    schema: part(answer("items", list(kubernetes.NAMESPACE))),
    words: "namespaces",
    source: () => [kubectl("get namespaces", { o: "json" })],
    about: "cluster",
    right: "list namespaces",
    mayBeExcerpt: true,
    kubectl: /^get (?:ns|namespaces?)\b/,
    merges: { items: "items" },
  },
  identityProviders: {
    schema: part(
      list(
        answer(
          "identityProviderConfig",
          mapOf(anything("Any JSON."), "Configuration of the identity provider."),
        ),
      ),
    ),
    words: "the cluster's identity providers",
    ...printedByAws("eks describe-identity-provider-config", (names) => ({
      ...ofCluster(names),
      "identity-provider-config": structure({ type: "oidc", name: "NAME" }),
    })),
    about: "cluster",
    right: "eks:ListIdentityProviderConfigs",
    fields: [["identityProviderConfig"]],
  },
} as const satisfies Readonly<Record<string, PartEntry>>;
