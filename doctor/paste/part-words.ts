import type { EvidencePart } from "../evidence/evidence.ts";
import type { Pasted, TakenPiece } from "./read-paste.ts";

/** What the parts of a bundle are, for people. */
const PART_WORDS: Readonly<Record<EvidencePart, string>> = {
  question: "the failure to diagnose",
  otherObservations: "what was seen elsewhere",
  fixAttempts: "fixes that were tried",
  excerpts: "which parts are excerpts",
  client: "the program that calls the cluster",
  kubeconfig: "a kubeconfig",
  environment: "environment variables",
  droppedEnvironment: "variables that the launcher drops",
  awsConfig: "the AWS config file",
  awsCredentials: "the AWS credentials file",
  sourceFiles: "the state of AWS logins",
  execCommand: "where the credential plugin is",
  pluginRun: "an answer of the credential plugin",
  token: "what an EKS token says",
  callerIdentity: "who the caller is to AWS",
  tokenNames: "whether STS accepts the token",
  vouch: "the state of the Vouch login",
  securityKeys: "security keys",
  clocks: "clocks",
  network: "the network path to the API server",
  apiServer: "an answer of the API server",
  cluster: "EKS's description of the cluster",
  clusters: "the list of clusters",
  accessEntries: "the list of access entries",
  accessEntryDetails: "an access entry",
  associatedPolicies: "access policies of a principal",
  role: "an IAM role",
  roles: "the list of IAM roles",
  user: "an IAM user",
  clusterCreator: "who created the cluster",
  workload: "the pod or instance that the client runs in",
  securityGroups: "security groups",
  routeTables: "route tables",
  vpcAttributes: "DNS settings of the VPC",
  openIdConnectProviders: "the OIDC providers of the account",
  awsAuth: "aws-auth",
  selfSubjectReview: "who the caller is to Kubernetes",
  accessReviews: "answers of kubectl auth can-i",
  rbac: "RBAC roles and bindings",
  namespaces: "namespaces",
  identityProviders: "the identity providers of the cluster",
};

/** The output of one command has no more parts than this. */
const MANY = 4;

/** What a piece was taken for: `a kubeconfig`, `not used: a table or the like; …`, `not recognized`. */
export function takenWords({ parts, problem }: TakenPiece): string {
  if (parts.length > MANY) return `a bundle of ${parts.length} parts`;
  const words = [...new Set(parts)].map((part) => PART_WORDS[part]);
  if (words.length > 0) return `${words.join(", ")}${problem === undefined ? "" : `; but ${problem}`}`;
  return problem === undefined ? "not recognized" : `not used: ${problem}`;
}

/** `line 7`, `lines 3–25` */
export function placeWords({ first, last }: Pick<TakenPiece, "first" | "last">): string {
  return first === last ? `line ${first}` : `lines ${first}–${last}`;
}

/** Why there is nothing to judge: the first problem, or that nothing was recognized. */
export function whyNothing({ taken }: Pasted): string {
  const problem = taken.find((piece) => piece.problem !== undefined)?.problem;
  if (problem !== undefined) return `None of it can be judged: ${problem}${problem.endsWith(".") ? "" : "."}`;
  return "Nothing in it was recognized: it is no error of a client, no output of aws or kubectl, and no bundle. Paste commands together with what they printed.";
}
