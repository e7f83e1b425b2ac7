import { pipe, run } from "../../token/command/command.ts";
import { type Sentence, sentence } from "../../token/command/sentence.ts";
import type { EvidencePart } from "../evidence/evidence.ts";
import { entryCommand } from "../fixes/access-entry-actions.ts";
import { aws, structure } from "../fixes/aws.ts";
import { kubectl, SHOW_AWS_AUTH } from "../fixes/kubectl.ts";

/** Values for the commands. */
export interface EvidenceNames {
  readonly cluster: string;
  readonly region: string;
  readonly partition: string;
  readonly roleArn: string;
  readonly role: string;
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
  /** Host of the API server. */
  readonly endpoint: string;
}

/** Placeholders in capitals, for a person to replace. */
export const UNKNOWN_NAMES: EvidenceNames = {
  cluster: "CLUSTER",
  region: "REGION",
  partition: "aws",
  roleArn: "ROLE_ARN",
  role: "ROLE",
  verb: "VERB",
  resource: "RESOURCE",
  namespace: "NAMESPACE",
  endpoint: "ENDPOINT",
};

/**
 * Prints the names of all variables only, since their values would reveal secrets to anybody who sees the screen or the output.
 */
const VARIABLE_NAMES = run("awk", "", {}, "BEGIN { for (name in ENVIRON) print name }");

const WITHOUT_SECRETS = "s/^([[:space:]#;]*aws_[a-z_]*(secret|token)[a-z_]*).*/\\1 = ***/";

type Source = (names: EvidenceNames) => Sentence;

/** Where each part comes from if no probe gathered it: a command, or a description of what to write. */
export const EVIDENCE_COMMANDS: Readonly<Record<EvidencePart, Source>> = {
  question: () => "the command that failed, and what it printed",
  otherObservations: () =>
    "what somebody saw when doing the same with another program, machine, profile or user",
  fixAttempts: () => "what was run to fix it, and what it printed",
  excerpts: () => "names of the parts below that are only excerpts",
  client: () => "the program's name, what its --version prints, and its path",
  kubeconfig: () => sentence`${kubectl("config view")} (of each file in KUBECONFIG: its path and its text)`,
  environment: () => sentence`${VARIABLE_NAMES}, and the values of those that are no secret`,
  droppedEnvironment: () => sentence`${kubectl("vouch doctor")} (its launcher says what it drops)`,
  awsConfig: () => [run("cat", "", {}, { underHome: ".aws/config" })],
  awsCredentials: () => [run("sed", "-E", {}, WITHOUT_SECRETS, { underHome: ".aws/credentials" })],
  sourceFiles: () =>
    sentence`${run("ls", "-l", {}, { underHome: ".aws/sso/cache" }, { underHome: ".aws/login/cache" })}, and the expiry in those files (no token)`,
  execCommand: () => "the path of the exec block's command, and what its --version prints",
  pluginRun: () =>
    "run the exec command of the kubeconfig by hand, with its env, and keep stderr and the exit status",
  token: () =>
    sentence`pipe what the exec command prints into ${kubectl("vouch token explain", { o: "json" })}`,
  callerIdentity: () =>
    sentence`${aws("sts get-caller-identity")} (with the profile and variables of the exec block)`,
  tokenNames: () =>
    sentence`${kubectl("vouch doctor")} (tests at STS for which cluster name the token is signed)`,
  vouch: () => [kubectl("vouch status", { o: "json" })],
  securityKeys: () => sentence`${kubectl("vouch doctor")} (lists the security keys)`,
  clocks: ({ region }) =>
    sentence`${pipe(run("curl", "-sI", {}, `https://sts.${region}.amazonaws.com`), run("grep", "-i ^date"))}, beside ${run("date", "-u")}`,
  network: ({ endpoint }) => [run("curl", "-v", {}, `https://${endpoint}/version`)],
  apiServer: () => [kubectl("get --raw /api")],
  cluster: ({ cluster: name, region }) => [aws("eks describe-cluster", { name, region })],
  clusters: ({ region }) => [aws("eks list-clusters", { region })],
  accessEntries: ({ cluster, region }) => [
    aws("eks list-access-entries", { "cluster-name": cluster, region }),
  ],
  accessEntryDetails: (names) => [entryCommand("describe-access-entry", names, names.roleArn)],
  associatedPolicies: (names) => [entryCommand("list-associated-access-policies", names, names.roleArn)],
  role: ({ role }) => [aws("iam get-role", { "role-name": role })],
  roles: () => [aws("iam list-roles")],
  user: () => [aws("iam get-user", { "user-name": "USER" })],
  clusterCreator: ({ region }) => [
    aws("cloudtrail lookup-events", {
      region,
      "lookup-attributes": "AttributeKey=EventName,AttributeValue=CreateCluster",
    }),
  ],
  workload: ({ cluster, region }) =>
    sentence`${kubectl("get pod,serviceaccount", { n: "NAMESPACE", o: "yaml" })} and ${aws("eks list-pod-identity-associations", { "cluster-name": cluster, region })}`,
  securityGroups: ({ region }) => [
    aws("ec2 describe-security-groups", { region, "group-ids": "SECURITY_GROUP" }),
  ],
  routeTables: ({ region }) => [
    aws("ec2 describe-route-tables", { region, filters: "Name=vpc-id,Values=VPC" }),
  ],
  vpcAttributes: ({ region }) => {
    const ask = (attribute: string) =>
      aws("ec2 describe-vpc-attribute", { region, "vpc-id": "VPC", attribute });
    return sentence`${ask("enableDnsSupport")} and ${ask("enableDnsHostnames")}`;
  },
  openIdConnectProviders: () => [aws("iam list-open-id-connect-providers")],
  awsAuth: () => [SHOW_AWS_AUTH],
  selfSubjectReview: () => [kubectl("auth whoami", { o: "json" })],
  accessReviews: ({ verb, resource, namespace }) => [
    kubectl("auth can-i", { n: namespace, v: "8" }, verb, resource),
  ],
  rbac: () => [kubectl("get clusterroles,clusterrolebindings,roles,rolebindings", { A: true, o: "json" })],
  namespaces: () => [kubectl("get namespaces", { o: "json" })],
  identityProviders: ({ cluster, region }) => [
    aws("eks describe-identity-provider-config", {
      "cluster-name": cluster,
      region,
      "identity-provider-config": structure({ type: "oidc", name: "NAME" }),
    }),
  ],
};
