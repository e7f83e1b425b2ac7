/**
 * Everything a diagnosis may know, in one serialisable bundle: what probes gather, or what somebody pastes together from
 * the output of `aws` and `kubectl`. AWS's and Kubernetes' own JSON stands in it as they print it. Every part may be
 * missing (nobody looked) or have failed (somebody looked and was refused): neither is ever "there is none".
 *
 * No secret is in a bundle: no key, token, signature or session token. EVIDENCE.md documents every field.
 */

import type {
  AccessEntryJson,
  AccessReviewJson,
  AssociatedPoliciesJson,
  ClusterJson,
  ConfigMapJson,
  RbacObjectJson,
  RoleJson,
  SelfSubjectReviewJson,
} from "./evidence-json.ts";
import { noteFailed } from "./reads.ts";

export type {
  AccessEntryJson,
  AccessReviewJson,
  AssociatedPoliciesJson,
  ClusterJson,
  ConfigMapJson,
  RbacObjectJson,
  RbacRuleJson,
  RoleJson,
  SelfSubjectReviewJson,
} from "./evidence-json.ts";

import type {
  ApiServerAnswer,
  CallerIdentity,
  ClockReading,
  ExecCommand,
  NetworkFacts,
  PluginRun,
  TokenFacts,
  TokenNameTest,
  VouchFacts,
} from "./evidence-parts.ts";

export type {
  ApiServerAnswer,
  CallerIdentity,
  ClockReading,
  ExecCommand,
  NetworkFacts,
  PluginRun,
  TokenFacts,
  TokenNameTest,
  VouchFacts,
} from "./evidence-parts.ts";

/** Why a part could not be had, in one line fit to print: `AccessDeniedException: … not authorized to perform …`. */
export interface Failed {
  readonly failed: string;
}

/** A part of the bundle: what was found, or why not. */
export type Part<T> = T | Failed;

export interface DoctorEvidence {
  readonly apiVersion: "vouch.kubectl/v1";
  readonly kind: "DoctorEvidence";
  /** When it was gathered; ages are judged against it. ISO 8601. */
  readonly gatheredAt?: string;
  readonly question?: Question;
  readonly client?: Part<Client>;
  readonly kubeconfig?: Part<Kubeconfig>;
  /** The variables the client runs with, before `exec.env`; values that are secrets as `***`. */
  readonly environment?: Part<Readonly<Record<string, string>>>;
  /** Variables our launcher kept from the program, because they could turn it. */
  readonly droppedEnvironment?: Part<Readonly<Record<string, string>>>;
  /** `~/.aws/config` or what `AWS_CONFIG_FILE` names. */
  readonly awsConfig?: Part<TextFile>;
  /** `~/.aws/credentials`, with the values of keys as `***`. */
  readonly awsCredentials?: Part<TextFile>;
  readonly execCommand?: Part<ExecCommand>;
  readonly pluginRun?: Part<PluginRun>;
  readonly token?: Part<TokenFacts>;
  /** `aws sts get-caller-identity`, run with exactly the environment and arguments of the exec block. */
  readonly callerIdentity?: Part<CallerIdentity>;
  /** For which cluster names STS accepts the signature of a fresh token. */
  readonly tokenNames?: Part<readonly TokenNameTest[]>;
  readonly vouch?: Part<VouchFacts>;
  readonly securityKeys?: Part<readonly { readonly name: string; readonly readable: boolean }[]>;
  readonly clocks?: Part<readonly ClockReading[]>;
  readonly network?: Part<NetworkFacts>;
  /** What the API server answers to the token: `GET /api`, or the failing call itself. */
  readonly apiServer?: Part<ApiServerAnswer>;
  /** `aws eks describe-cluster` */
  readonly cluster?: Part<{ readonly cluster: ClusterJson }>;
  /** `aws eks list-clusters` in the region that the kubeconfig means. */
  readonly clusters?: Part<{ readonly clusters: readonly string[] }>;
  /** `aws eks list-access-entries` */
  readonly accessEntries?: Part<{ readonly accessEntries: readonly string[] }>;
  /** `aws eks describe-access-entry`, for the caller's principal and for near misses. */
  readonly accessEntryDetails?: Part<readonly { readonly accessEntry: AccessEntryJson }[]>;
  /** `aws eks list-associated-access-policies`, one answer per principal. */
  readonly associatedPolicies?: Part<readonly AssociatedPoliciesJson[]>;
  /** `aws iam get-role` of the caller's role. */
  readonly role?: Part<{ readonly Role: RoleJson }>;
  /** `aws iam list-open-id-connect-providers` in the role's account. */
  readonly openIdConnectProviders?: Part<{
    readonly OpenIDConnectProviderList: readonly { readonly Arn: string }[];
  }>;
  /** `kubectl -n kube-system get configmap aws-auth -o json` (or its YAML as text). `null`: it was looked for and is not there. */
  readonly awsAuth?: Part<ConfigMapJson | string | null>;
  /** `kubectl auth whoami -o json` */
  readonly selfSubjectReview?: Part<SelfSubjectReviewJson>;
  /** SelfSubjectAccessReviews with their answers: the attempt and its neighbours. */
  readonly accessReviews?: Part<readonly AccessReviewJson[]>;
  /** `kubectl get clusterroles,clusterrolebindings,roles,rolebindings -A -o json` */
  readonly rbac?: Part<{ readonly items: readonly RbacObjectJson[] }>;
  /** `kubectl get namespaces -o json` */
  readonly namespaces?: Part<{ readonly items: readonly { readonly metadata: { readonly name: string } }[] }>;
  /** `aws eks describe-identity-provider-config`, one answer per configuration. */
  readonly identityProviders?: Part<
    readonly { readonly identityProviderConfig: Readonly<Record<string, unknown>> }[]
  >;
}

/** What was tried, and how it failed. */
export interface Question {
  /** `kubectl get pods -n payments` */
  readonly command?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
  /** Context that was meant; absent: the current one. */
  readonly context?: string;
  readonly namespace?: string;
  readonly attempt?: AccessRequest;
  /** Principal ARN that is asked about, when it is somebody else (`--principal`). */
  readonly principal?: string;
}

/** One request to the API server. An empty group is the core one; an absent namespace means the whole cluster. */
export interface AccessRequest {
  readonly verb: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** A path such as `/metrics`, for what is no resource. */
  readonly path?: string;
}

/** The program that talks to the cluster. */
export interface Client {
  /** `kubectl`, `helm`, `terraform`, `k9s`, `lens`, `ci`, `python`, `javascript`, … */
  readonly name: string;
  readonly version?: string;
  readonly path?: string;
  /** A Terraform provider block, a CI job, a values file: as text. */
  readonly configuration?: string;
  /** How long it had been running when it failed, in seconds. */
  readonly runSeconds?: number;
  /** Started by a desktop and not from a shell. */
  readonly graphical?: boolean;
}

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

export interface Kubeconfig {
  /** In load order; a file that is not there or cannot be read says so. */
  readonly files: readonly (TextFile | { readonly path: string; readonly failed: string })[];
  readonly kuberc?: TextFile;
}

/** The value of a part; undefined when nobody looked or it failed, which counts as asked in vain. */
export function knownValue<T>(part: Part<T> | undefined): T | undefined {
  if (!isFailed(part)) return part;
  noteFailed(part);
  return undefined;
}

/** Why a part could not be had; undefined when it was found or nobody looked. */
export function failureOf(part: Part<unknown> | undefined): string | undefined {
  return isFailed(part) ? part.failed : undefined;
}

function isFailed(part: unknown): part is Failed {
  return typeof part === "object" && part !== null && "failed" in part && typeof part.failed === "string";
}
