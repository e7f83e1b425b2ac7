import { aws, structure } from "../../token/command/aws.ts";
import { pipe, run } from "../../token/command/command.ts";
import { kubectl, SHOW_AWS_AUTH } from "../../token/command/kubectl.ts";
import { sentence } from "../../token/command/sentence.ts";
import {
  anything,
  closed,
  constant,
  either,
  list,
  mapOf,
  nothing,
  oneOf,
  open,
  optional,
  text,
} from "../../token/schema.ts";
import { answer, type EvidenceNames, FAILED, type PartEntry, part, printedByAws } from "./part.ts";
import { ACCESS_ENTRY, ASSOCIATED_POLICIES, CLUSTER, ROLE, USER } from "./schema/aws-shapes.ts";
import {
  ACCESS_REVIEW,
  CONFIG_MAP,
  NAMESPACE,
  RBAC_OBJECT,
  SELF_SUBJECT_REVIEW,
} from "./schema/kubernetes-shapes.ts";
import {
  API_SERVER,
  CALLER,
  CLOCK,
  EXEC_COMMAND,
  KEY,
  NETWORK,
  PLUGIN_RUN,
  SOURCE_FILE,
  TOKEN,
  TOKEN_NAME,
  VOUCH,
} from "./schema/probe-shapes.ts";
import {
  CLIENT,
  CREATOR,
  ENVIRONMENT,
  FIX_ATTEMPT,
  KUBECONFIG,
  OBSERVATION,
  QUESTION,
  TEXT_FILE,
  WORKLOAD,
} from "./schema/told-shapes.ts";
import { ROUTE_TABLE, SECURITY_GROUP, VPC_ATTRIBUTE } from "./schema/vpc-shapes.ts";

/**
 * Prints the names of all variables only, since their values would reveal secrets to anybody who sees the screen or the output.
 */
const VARIABLE_NAMES = run("awk", "", {}, "BEGIN { for (name in ENVIRON) print name }");

const WITHOUT_SECRETS = "s/^([[:space:]#;]*aws_[a-z_]*(secret|token)[a-z_]*).*/\\1 = ***/";

const NO_FILE = "ENOENT: no such file";

const ofCluster = ({ cluster, region }: EvidenceNames) => ({ "cluster-name": cluster, region });
const ofPrincipal = (names: EvidenceNames) => ({ ...ofCluster(names), "principal-arn": names.roleArn });

/** Parts that probes gather, or the output of commands. */
const SEEN = {
  client: {
    schema: part(CLIENT),
    words: "the program that calls the cluster",
    source: () => "the program's name, what its --version prints, and its path",
    about: "case",
  },
  kubeconfig: {
    schema: part(KUBECONFIG),
    words: "a kubeconfig",
    source: () => sentence`${kubectl("config view")} (of each file in KUBECONFIG: its path and its text)`,
    about: "caller",
    merges: { items: "files" },
  },
  environment: {
    schema: part(ENVIRONMENT),
    words: "environment variables",
    source: () => sentence`${VARIABLE_NAMES}, and the values of those that are no secret`,
    about: "caller",
    mayBeExcerpt: true,
    merges: "fields",
  },
  droppedEnvironment: {
    schema: part(mapOf(text(), "Variables our launcher kept from the program.")),
    words: "variables that the launcher drops",
    source: () => sentence`${kubectl("vouch doctor")} (its launcher says what it drops)`,
    about: "caller",
  },
  awsConfig: {
    schema: part(TEXT_FILE),
    words: "the AWS config file",
    source: () => [run("cat", "", {}, { underHome: ".aws/config" })],
    about: "caller",
    none: NO_FILE,
    mayBeExcerpt: true,
  },
  awsCredentials: {
    schema: part(TEXT_FILE),
    words: "the AWS credentials file",
    source: () => [run("sed", "-E", {}, WITHOUT_SECRETS, { underHome: ".aws/credentials" })],
    about: "caller",
    none: NO_FILE,
    mayBeExcerpt: true,
  },
  sourceFiles: {
    schema: part(list(SOURCE_FILE)),
    words: "the state of AWS logins",
    source: () =>
      sentence`${run("ls", "-l", {}, { underHome: ".aws/sso/cache" }, { underHome: ".aws/login/cache" })}, and the expiry in those files (no token)`,
    about: "caller",
  },
  execCommand: {
    schema: part(EXEC_COMMAND),
    words: "where the credential plugin is",
    source: () => "the path of the exec block's command, and what its --version prints",
    about: "caller",
    merges: "fields",
  },
  pluginRun: {
    schema: part(PLUGIN_RUN),
    words: "an answer of the credential plugin",
    source: () =>
      "run the exec command of the kubeconfig by hand, with its env, and keep stderr and the exit status",
    about: "caller",
  },
  token: {
    schema: part(TOKEN),
    words: "what an EKS token says",
    source: () =>
      sentence`pipe what the exec command prints into ${kubectl("vouch token explain", { o: "json" })}`,
    about: "caller",
  },
  callerIdentity: {
    schema: part(CALLER),
    words: "who the caller is to AWS",
    aws: "sts get-caller-identity",
    source: () =>
      sentence`${aws("sts get-caller-identity")} (with the profile and variables of the exec block)`,
    about: "caller",
    fields: [["Account", "Arn"]],
  },
  tokenNames: {
    schema: part(list(TOKEN_NAME)),
    words: "whether STS accepts the token",
    source: () =>
      sentence`${kubectl("vouch doctor")} (tests at STS for which cluster name the token is signed)`,
    about: "caller",
  },
  vouch: {
    schema: part(VOUCH),
    words: "the state of the Vouch login",
    source: () => [kubectl("vouch status", { o: "json" })],
    about: "caller",
  },
  securityKeys: {
    schema: part(list(KEY)),
    words: "security keys",
    source: () => sentence`${kubectl("vouch doctor")} (lists the security keys)`,
    about: "caller",
  },
  clocks: {
    schema: part(list(CLOCK)),
    words: "clocks",
    source: ({ region }) =>
      sentence`${pipe(run("curl", "-sI", {}, `https://sts.${region}.amazonaws.com`), run("grep", "-i ^date"))}, beside ${run("date", "-u")}`,
    about: "caller",
  },
  network: {
    schema: part(NETWORK),
    words: "the network path to the API server",
    source: ({ endpoint }) => [run("curl", "-v", {}, `https://${endpoint}/version`)],
    about: "caller",
  },
  apiServer: {
    schema: part(API_SERVER),
    words: "an answer of the API server",
    source: () => [kubectl("get --raw /api")],
    about: "caller",
    kubectl: /^get raw\b/,
  },
  cluster: {
    schema: part(answer("cluster", CLUSTER)),
    words: "EKS's description of the cluster",
    ...printedByAws("eks describe-cluster", ({ cluster: name, region }) => ({ name, region })),
    about: "cluster",
    right: "eks:DescribeCluster",
    none: "ResourceNotFoundException: No cluster found for that name.",
    fields: [["cluster"]],
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
    schema: part(list(answer("accessEntry", ACCESS_ENTRY))),
    words: "an access entry",
    ...printedByAws("eks describe-access-entry", ofPrincipal),
    about: "principal",
    right: "eks:DescribeAccessEntry",
    mayBeExcerpt: true,
    fields: [["accessEntry"]],
  },
  associatedPolicies: {
    schema: part(list(ASSOCIATED_POLICIES)),
    words: "access policies of a principal",
    ...printedByAws("eks list-associated-access-policies", ofPrincipal),
    about: "principal",
    right: "eks:ListAssociatedAccessPolicies",
    mayBeExcerpt: true,
    fields: [["associatedAccessPolicies"]],
  },
  role: {
    schema: part(answer("Role", ROLE)),
    words: "an IAM role",
    ...printedByAws("iam get-role", ({ role }) => ({ "role-name": role })),
    about: "principal",
    right: "iam:GetRole",
    none: "NoSuchEntity: The role cannot be found.",
    fields: [["Role"]],
  },
  roles: {
    schema: part(answer("Roles", list(ROLE))),
    words: "the list of IAM roles",
    ...printedByAws("iam list-roles"),
    about: "account",
    isOnlyTold: true,
    right: "iam:ListRoles",
    mayBeExcerpt: true,
    fields: [["Roles"]],
  },
  user: {
    schema: part(answer("User", USER)),
    words: "an IAM user",
    ...printedByAws("iam get-user", () => ({ "user-name": "USER" })),
    about: "account",
    isOnlyTold: true,
    right: "iam:GetUser",
    none: "NoSuchEntity: The user cannot be found.",
    fields: [["User"]],
  },
  clusterCreator: {
    schema: part(CREATOR),
    words: "who created the cluster",
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
    schema: part(answer("SecurityGroups", list(SECURITY_GROUP))),
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
    schema: part(answer("RouteTables", list(ROUTE_TABLE))),
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
    schema: part(list(VPC_ATTRIBUTE)),
    words: "DNS settings of the VPC",
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
    schema: part(answer("OpenIDConnectProviderList", list(open("A provider.", { Arn: text("Its ARN.") })))),
    words: "the OIDC providers of the account",
    ...printedByAws("iam list-open-id-connect-providers"),
    about: "account",
    right: "iam:ListOpenIDConnectProviders",
    fields: [["OpenIDConnectProviderList"]],
  },
  awsAuth: {
    schema: optional(either(undefined, CONFIG_MAP, text("The ConfigMap in YAML."), nothing, FAILED)),
    words: "aws-auth",
    source: () => [SHOW_AWS_AUTH],
    about: "cluster",
    right: "get configmaps/aws-auth",
    mayBeExcerpt: true,
    kubectl: /^get (?:cm|configmaps?)[ /]aws-auth\b/,
  },
  selfSubjectReview: {
    schema: part(SELF_SUBJECT_REVIEW),
    words: "who the caller is to Kubernetes",
    source: () => [kubectl("auth whoami", { o: "json" })],
    about: "caller",
    kubectl: /^auth whoami\b/,
  },
  accessReviews: {
    schema: part(list(ACCESS_REVIEW)),
    words: "answers of kubectl auth can-i",
    source: ({ verb, resource, namespace }) => [
      kubectl("auth can-i", { n: namespace, v: "8" }, verb, resource),
    ],
    about: "caller",
    kubectl: /^auth can-i\b/,
  },
  rbac: {
    schema: part(answer("items", list(RBAC_OBJECT))),
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
    schema: part(answer("items", list(NAMESPACE))),
    words: "namespaces",
    source: () => [kubectl("get namespaces", { o: "json" })],
    about: "cluster",
    right: "list namespaces",
    mayBeExcerpt: true,
    kubectl: /^get (?:ns|namespaces?)\b/,
    merges: { items: "items" },
  },
  identityProviders: {
    schema: part(list(answer("identityProviderConfig", mapOf(anything("Any JSON."), "The configuration.")))),
    words: "the identity providers of the cluster",
    ...printedByAws("eks describe-identity-provider-config", (names) => ({
      ...ofCluster(names),
      "identity-provider-config": structure({ type: "oidc", name: "NAME" }),
    })),
    about: "cluster",
    right: "eks:ListIdentityProviderConfigs",
    fields: [["identityProviderConfig"]],
  },
} as const satisfies Readonly<Record<string, PartEntry>>;

type Seen = typeof SEEN;

/** A part of which only some items may be known. */
export type ExcerptPart = {
  [K in keyof Seen]: Seen[K] extends { readonly mayBeExcerpt: true } ? K : never;
}[keyof Seen];

const seenParts: readonly (readonly [string, PartEntry])[] = Object.entries(SEEN);
const EXCERPTS = seenParts.flatMap(([name, { mayBeExcerpt }]) => (mayBeExcerpt ? [name as ExcerptPart] : []));

/** Every part of a bundle, in the order in which they are documented. */
const PARTS = {
  question: {
    schema: optional(QUESTION),
    words: "the failure to diagnose",
    source: () => "the command that failed, and what it printed",
    about: "case",
    isOnlyTold: true,
  },
  otherObservations: {
    schema: optional(list(OBSERVATION)),
    words: "what was seen elsewhere",
    source: () => "what somebody saw when doing the same with another program, machine, profile or user",
    about: "case",
    isOnlyTold: true,
  },
  fixAttempts: {
    schema: optional(list(FIX_ATTEMPT)),
    words: "fixes that were tried",
    source: () => "what was run to fix it, and what it printed",
    about: "case",
    isOnlyTold: true,
  },
  excerpts: {
    schema: optional(
      list(
        oneOf(
          EXCERPTS,
          "A part that is here as an excerpt, or only the first page: what is not in it may exist.",
        ),
      ),
    ),
    words: "which parts are excerpts",
    source: () => "names of the parts below that are only excerpts",
    about: "case",
    isOnlyTold: true,
  },
  ...SEEN,
} as const satisfies Readonly<Record<string, PartEntry>>;

/** A part of a bundle with evidence. */
export type EvidencePart = keyof typeof PARTS;

/** A part that a probe gathers. */
export type ProbedPart = {
  [K in EvidencePart]: (typeof PARTS)[K] extends { readonly isOnlyTold: true } ? never : K;
}[EvidencePart];

/** All that is said about one part. */
export function partEntry(name: EvidencePart): PartEntry {
  return PARTS[name];
}

export const PART_NAMES = Object.keys(PARTS) as EvidencePart[];

/** The parts of which something holds, in the order of the table. */
export function partsWhere(holds: (entry: PartEntry) => boolean): EvidencePart[] {
  return PART_NAMES.filter((name) => holds(partEntry(name)));
}

/** Whether a part is a list of answers, each of which is pasted by itself. */
export function isListOfAnswers(name: EvidencePart): boolean {
  return partEntry(name).schema.optional.anyOf?.some(({ type }) => type === "array") === true;
}

type Schemas = { readonly [K in EvidencePart]: (typeof PARTS)[K]["schema"] };

/** A bundle: what `--evidence` reads and `--save` writes. */
export const EVIDENCE_SCHEMA = closed("Evidence for `kubectl vouch doctor`.", {
  apiVersion: constant("vouch.kubectl/v1", "Version of this format."),
  kind: constant("DoctorEvidence", "Kind of this document."),
  gatheredAt: optional(text("When it was gathered; ages are judged against it. ISO 8601.")),
  ...(Object.fromEntries(PART_NAMES.map((name) => [name, PARTS[name].schema])) as Schemas),
});
