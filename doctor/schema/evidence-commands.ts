import type { DoctorEvidence } from "../evidence.ts";

/** A part of a bundle that is evidence. */
export type EvidencePart = Exclude<keyof DoctorEvidence, "apiVersion" | "kind" | "gatheredAt">;

/** Where each part comes from when no probe fetched it: a command, or what to write. */
export const EVIDENCE_COMMANDS: Readonly<Record<EvidencePart, string>> = {
  question: "the command that failed, and what it printed",
  client: "the program's name, `--version` and `command -v`",
  kubeconfig: "kubectl config view (of each file in KUBECONFIG: its path and its text)",
  environment: "env (with *** for the values of secrets)",
  droppedEnvironment: "kubectl vouch doctor (its launcher says what it drops)",
  awsConfig: "cat ~/.aws/config",
  awsCredentials: "cat ~/.aws/credentials (with *** for the values of keys)",
  execCommand: "command -v COMMAND; COMMAND --version",
  pluginRun:
    "run the exec command of the kubeconfig by hand, with its env, and keep stderr and the exit status",
  token: "run the exec command | kubectl vouch token explain -o json",
  callerIdentity: "aws sts get-caller-identity (with the profile and variables of the exec block)",
  tokenNames: "kubectl vouch doctor (tests at STS for which cluster name the token is signed)",
  vouch: "kubectl vouch status -o json",
  securityKeys: "kubectl vouch doctor (lists the security keys)",
  clocks: "curl -sI https://sts.REGION.amazonaws.com | grep -i ^date; date -u",
  network: "curl -v https://ENDPOINT/version",
  apiServer: "kubectl get --raw /api",
  cluster: "aws eks describe-cluster --name CLUSTER --region REGION",
  clusters: "aws eks list-clusters --region REGION",
  accessEntries: "aws eks list-access-entries --cluster-name CLUSTER --region REGION",
  accessEntryDetails:
    "aws eks describe-access-entry --cluster-name CLUSTER --region REGION --principal-arn ROLE_ARN",
  associatedPolicies:
    "aws eks list-associated-access-policies --cluster-name CLUSTER --region REGION --principal-arn ROLE_ARN",
  role: "aws iam get-role --role-name ROLE",
  openIdConnectProviders: "aws iam list-open-id-connect-providers",
  awsAuth: "kubectl -n kube-system get configmap aws-auth -o yaml",
  selfSubjectReview: "kubectl auth whoami -o json",
  accessReviews: "kubectl auth can-i VERB RESOURCE -n NAMESPACE -v=8",
  rbac: "kubectl get clusterroles,clusterrolebindings,roles,rolebindings -A -o json",
  namespaces: "kubectl get namespaces -o json",
  identityProviders:
    "aws eks describe-identity-provider-config --cluster-name CLUSTER --identity-provider-config type=oidc,name=NAME",
};
