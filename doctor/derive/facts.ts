import type { AwsAuthMatch } from "../eks/aws-auth/aws-auth.ts";
import type { Mapping } from "../eks/mapping/mapping.ts";
import type { Principal } from "../eks/principal/principal.ts";
import type {
  AccessRequest,
  Client,
  ClockReading,
  ClusterJson,
  DoctorEvidence,
  ExecCommand,
  NetworkFacts,
  PluginRun,
  Question,
  TokenFacts,
  VouchFacts,
} from "../evidence/evidence.ts";
import type { Authorization } from "./authorization/authorization.ts";
import type { ClassifiedDenial, DeniedRequest } from "./authorization/denial.ts";
import type { Impersonation } from "./authorization/impersonation.ts";
import type { WorkingWay } from "./client/working-ways.ts";
import type { Confidence } from "./confidence.ts";
import type { CredentialErrors, ErrorSource } from "./failure/error-sources.ts";
import type { Severity, Symptom } from "./failure/symptom.ts";
import type { CredentialSource } from "./identity/aws-source.ts";
import type { NeededFile } from "./identity/credential-source.ts";
import type { EffectiveContext, KubeconfigReading } from "./kubeconfig/effective-context.ts";
import type { ExecBlock } from "./kubeconfig/exec-block.ts";
import type { EndpointComparison, KubeconfigCluster } from "./kubeconfig/kubeconfig-cluster.ts";
import type { PluginEnvironment } from "./kubeconfig/plugin-environment.ts";
import type { StaticToken } from "./kubeconfig/static-token.ts";
import type { AwsAuthView } from "./mapping/aws-auth-view.ts";
import type { Connection } from "./network/connection.ts";
import type { EksCall, FixCall } from "./target/eks-call.ts";
import type { EksTarget, TargetCluster } from "./target/target-cluster.ts";

/**
 * What follows from the evidence. Each fact is computed when it is first read, and records which missing parts of the evidence it
 * asked for. Undefined: there is none, or it needs such a part.
 */
export interface Facts {
  readonly evidence: DoctorEvidence;
  /** Epoch milliseconds of the evidence. */
  readonly now: number | undefined;

  /** What was tried, and how it failed, as the user reported it. */
  readonly question: Question | undefined;
  /** How the call failed, from the pasted error and the API server's answer; `none` if it works. */
  readonly symptom: Symptom | undefined;
  /** The pasted error of the call that failed. */
  readonly pastedError: string | undefined;
  /** The errors of the plugin and of AWS; empty if both succeeded. */
  readonly errorSources: readonly ErrorSource[] | undefined;
  /** Errors in which a refusal of credentials is looked for; undefined if no such refusal can be the cause. */
  readonly credentialErrors: CredentialErrors | undefined;
  /** True: the failed command or its error is about nodes that lost the cluster. */
  readonly isAboutNodes: boolean;
  /** The EKS API call that failed. */
  readonly eksCall: EksCall | undefined;
  /** Other ways in which the same call works. */
  readonly workingWays: readonly WorkingWay[];
  /** EKS calls that were made to fix the problem and failed. */
  readonly failedFixes: readonly FixCall[];
  /** True: the question is about a principal that is not the caller. */
  readonly isOtherPrincipal: boolean;
  /** Severity of a fault of credentials, trust or token; undefined: the identity was accepted. */
  readonly preAuthSeverity: Severity | undefined;
  /** True: the call can have failed because the client could not read its kubeconfig or run its plugin. */
  readonly failsBeforeRequest: boolean;
  /** True: the call can have failed because its token was not accepted. */
  readonly canCause401: boolean;
  /**
   * Confidence that a proven fault of the authentication mode or the mapping is the cause; undefined: the identity was accepted.
   */
  readonly authFailureConfidence: Confidence | undefined;

  /** The program that talks to the cluster. */
  readonly client: Client | undefined;
  /** The kubeconfig files, read and merged. */
  readonly kubeconfig: KubeconfigReading | undefined;
  /** The context in force, merged as kubectl merges. */
  readonly context: EffectiveContext | undefined;
  /** The context's cluster entry, parsed. */
  readonly clusterEntry: KubeconfigCluster | undefined;
  /** A token in the kubeconfig or on the command line; the client uses it and does not run the plugin. */
  readonly staticToken: StaticToken | undefined;
  /** The exec block of the context's user, parsed. */
  readonly exec: ExecBlock | undefined;
  /** Where the exec block's command is found. */
  readonly execCommand: ExecCommand | undefined;
  /** How the exec plugin ended when it was run. */
  readonly pluginRun: PluginRun | undefined;
  /** The variables that the plugin runs with, as far as known. */
  readonly pluginEnvironment: PluginEnvironment;

  /** Who AWS says the caller is, as EKS sees it; or the principal that the question names. */
  readonly principal: Principal | undefined;
  /** Where the plugin takes its AWS credentials from, and why from there. */
  readonly credentials: CredentialSource | undefined;
  /** The sessions and token files that those credentials depend on. */
  readonly neededFiles: readonly NeededFile[] | undefined;
  /** Variables that show that this is Cloud9, if the plugin uses the credentials that Cloud9 manages; otherwise none. */
  readonly cloud9Variables: readonly string[];
  /** The token that the plugin gives. */
  readonly token: TokenFacts | undefined;
  readonly clocks: readonly ClockReading[] | undefined;
  /** The state of Vouch for a context of ours. */
  readonly vouch: VouchFacts | undefined;

  /** How a probe reached the API server from this machine; undefined if the question is about another user. */
  readonly ownNetwork: NetworkFacts | undefined;
  /** The state of the connection to the API server; undefined if no one tried it. */
  readonly connection: Connection | undefined;
  /** What EKS says of the cluster. */
  readonly cluster: ClusterJson | undefined;
  /** How the server in the kubeconfig compares with the endpoint that EKS describes. */
  readonly endpoints: EndpointComparison | undefined;
  /** The cluster behind the context, as kubeconfig and AWS name it. */
  readonly targetCluster: TargetCluster;
  /** The cluster that commands are written for; unknown values in capitals. */
  readonly target: EksTarget;

  /** `API`, `API_AND_CONFIG_MAP`, `CONFIG_MAP`. */
  readonly authenticationMode: string | undefined;
  /** How access entries and aws-auth map the principal. */
  readonly mapping: Mapping | undefined;
  /** aws-auth; undefined if the cluster does not use it. */
  readonly awsAuthView: AwsAuthView | undefined;
  /** The caller's line in aws-auth, if they may be the creator of the cluster, whose full permissions the line replaces. */
  readonly possibleCreator: AwsAuthMatch | undefined;
  /** True: client, kubeconfig, environment, mode and aws-auth are known, which rules out another identity or mapping. */
  readonly knowsWhoCallsAndHow: boolean;

  /** What was attempted, from the denial or else from the question. */
  readonly attempt: AccessRequest | undefined;
  /** Whom the call impersonates. */
  readonly impersonation: Impersonation | undefined;
  /** What access policies and RBAC say about the attempt. */
  readonly authorization: Authorization | undefined;
  /** The attempt, if it is denied to an identity that the cluster accepts. */
  readonly deniedRequest: DeniedRequest | undefined;
  /** The denied request, with the one cause that explains it. */
  readonly denial: ClassifiedDenial | undefined;
}
