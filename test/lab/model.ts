/**
 * What exists in the lab's AWS account and in its clusters: plain data that tests and faults change directly.
 * The AWS stand-in and the API server stand-in read and write it; nothing here knows HTTP.
 */

import type { IdentityCenter } from "./identity-center-model.ts";

export interface TrustStatement {
  readonly Effect: "Allow" | "Deny";
  /** `{ Federated: <OIDC provider ARN> }` or `{ AWS: <principal ARN or account root> }`. */
  readonly Principal: { readonly Federated?: string | string[]; readonly AWS?: string | string[] } | "*";
  readonly Action: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

export interface IamRole {
  /** With its path: `arn:aws:iam::111122223333:role/team/dev`. */
  arn: string;
  /** `AROA…`, 21 characters. A role that is deleted and made again has a new one. */
  uniqueId: string;
  createDate: Date;
  maxSessionDuration: number;
  trust: TrustStatement[];
  /** Identity policy, reduced to statements: `eks:*`, `sts:AssumeRole`, … on resource patterns. */
  allows: { actions: string[]; resources: string[] }[];
}

/** An MFA device of a user, with the codes that it will show. */
export interface MfaDevice {
  /** `arn:aws:iam::111122223333:mfa/ada` */
  serial: string;
  codes: string[];
}

export interface IamUser {
  /** With its path. */
  arn: string;
  /** `AIDA…` */
  uniqueId: string;
  createDate: Date;
  accessKeys: { id: string; secret: string; active: boolean }[];
  /** Absent means none. */
  mfaDevices?: MfaDevice[];
  allows: { actions: string[]; resources: string[] }[];
}

export interface OidcProvider {
  /** `arn:aws:iam::111122223333:oidc-provider/localhost:1234` */
  arn: string;
  /** Issuer without `https://`. */
  url: string;
  clientIds: string[];
  /** Where the stand-in fetches the issuer's keys (its JWKS), and the CA to trust there. */
  jwksUrl: string;
  ca: string;
  createDate: Date;
}

/** What STS gave out, remembered by access key id so that later signatures can be verified. */
export interface StsSession {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expires: Date;
  /** `arn:aws:sts::111122223333:assumed-role/dev/ada@example.com` */
  arn: string;
  roleArn: string;
  /** `AROA…:session-name` */
  userId: string;
  /** Managed session policies by ARN, and whether an inline one was given. */
  policyArns: string[];
  inlinePolicy: string | undefined;
  tags: Record<string, string>;
  /** Keys of the tags that follow the session through role chaining. */
  transitiveTagKeys?: string[];
  /** Set once, by the identity provider or the first hop; follows too. */
  sourceIdentity?: string;
}

/** A login by `aws login`: somebody's console session, lent to a tool. */
export interface SignInSession {
  /** Whose role it is; the session at STS has its name. */
  roleArn: string;
  sessionName: string;
  clientId: string;
  expires: Date;
  /** What the code is bound to, until it is exchanged. */
  code: { redirectUri: string; challenge: string; expires: Date } | undefined;
  /** Thumbprint of the key that the refresh token is bound to. */
  keyThumbprint: string;
  /** Why no more keys are given out although the session lasts; absent means that they are. */
  refusal?: "USER_CREDENTIALS_CHANGED" | "INSUFFICIENT_PERMISSIONS";
}

export type AuthenticationMode = "CONFIG_MAP" | "API_AND_CONFIG_MAP" | "API";

export interface AssociatedPolicy {
  policyArn: string;
  accessScope: { type: "cluster" | "namespace"; namespaces: string[] };
  associatedAt: Date;
  modifiedAt: Date;
}

export interface AccessEntry {
  principalArn: string;
  /** The unique id of the principal when the entry was made: EKS keeps it and never shows it. */
  principalId: string;
  kubernetesGroups: string[];
  username: string;
  type:
    | "STANDARD"
    | "EC2_LINUX"
    | "EC2_WINDOWS"
    | "FARGATE_LINUX"
    | "HYBRID_LINUX"
    | "EC2"
    | "HYPERPOD_LINUX";
  createdAt: Date;
  modifiedAt: Date;
  tags: Record<string, string>;
  policies: AssociatedPolicy[];
}

/** A change of a cluster's configuration, as DescribeUpdate gives it. */
export interface ClusterUpdate {
  id: string;
  status: "InProgress" | "Successful" | "Failed";
  type: string;
  params: { type: string; value: string }[];
  createdAt: Date;
}

export interface RbacSubject {
  kind: "User" | "Group" | "ServiceAccount";
  name: string;
  namespace?: string;
}

export interface PolicyRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

export interface RbacRole {
  name: string;
  /** Absent for a ClusterRole. */
  namespace?: string;
  rules: PolicyRule[];
  labels?: Record<string, string>;
  /** Of a ClusterRole: which others its rules are collected from. */
  aggregates?: LabelSelector[];
}

/** Kubernetes' own; an empty one takes in everything. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export interface RbacBinding {
  name: string;
  /** Absent for a ClusterRoleBinding. */
  namespace?: string;
  roleRef: { kind: "ClusterRole" | "Role"; name: string };
  subjects: RbacSubject[];
}

/** One Kubernetes object as JSON, of a kind the API server stand-in does not treat specially (pods, deployments, secrets, …). */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; creationTimestamp?: string; [more: string]: unknown };
  [more: string]: unknown;
}

export interface Cluster {
  name: string;
  region: string;
  /** `arn:aws:eks:us-east-1:111122223333:cluster/lab` */
  arn: string;
  status: "CREATING" | "ACTIVE" | "UPDATING" | "DELETING" | "FAILED";
  /** ID of a local cluster on an Outpost; absent: a cluster in the region. */
  outpostId?: string;
  /** `1.36` */
  version: string;
  platformVersion: string;
  createdAt: Date;
  /** Filled in when its API server is up: `https://127.0.0.1:1234`. */
  endpoint: string;
  /** PEM text; DescribeCluster gives it in base64. */
  certificateAuthority: string;
  authenticationMode: AuthenticationMode;
  /** What was asked for when the cluster was made; DescribeCluster says null when absent. */
  bootstrapClusterCreatorAdminPermissions?: boolean;
  endpointPublicAccess: boolean;
  endpointPrivateAccess: boolean;
  publicAccessCidrs: string[];
  accessEntries: Map<string, AccessEntry>;
  /** `data` of ConfigMap kube-system/aws-auth; undefined when there is none. */
  awsAuth: Record<string, string> | undefined;
  namespaces: Set<string>;
  roles: RbacRole[];
  bindings: RbacBinding[];
  objects: KubeObject[];
  /** `cluster.health.issues` of DescribeCluster; absent means none. */
  healthIssues?: { code: string; message: string; resourceIds: string[] }[];
  /** `cluster.tags` of DescribeCluster; absent means none. */
  tags?: Record<string, string>;
  /** What UpdateClusterConfig started; absent means nothing yet. */
  updates?: ClusterUpdate[];
}

export interface LabWorld {
  accountId: string;
  partition: string;
  /** By ARN, including those of other accounts. */
  roles: Map<string, IamRole>;
  /** By ARN. */
  users: Map<string, IamUser>;
  /** By ARN. */
  oidcProviders: Map<string, OidcProvider>;
  /** By access key id. */
  sessions: Map<string, StsSession>;
  clusters: Cluster[];
  identityCenter: IdentityCenter;
  /** By what may be exchanged next: the code, then the newest refresh token. */
  signInSessions: Map<string, SignInSession>;
}
