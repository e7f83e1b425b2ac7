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
import type { ClassifiedDenial } from "./authorization/classified-denial.ts";
import type { DeniedRequest } from "./authorization/denied-request.ts";
import type { Impersonation } from "./authorization/impersonation.ts";
import type { WorkingWay } from "./client/working-ways.ts";
import type { Confidence } from "./confidence.ts";
import type { CredentialErrors, ErrorSource } from "./failure/error-sources.ts";
import type { Severity } from "./failure/pre-auth-severity.ts";
import type { Symptom } from "./failure/symptom.ts";
import type { CredentialSource } from "./identity/credential-source.ts";
import type { NeededFile } from "./identity/needed-files.ts";
import type { Principal } from "./identity/principal.ts";
import type { EndpointComparison } from "./kubeconfig/api-endpoint.ts";
import type { EffectiveContext } from "./kubeconfig/effective-context.ts";
import type { ExecBlock } from "./kubeconfig/exec-block.ts";
import type { KubeconfigCluster } from "./kubeconfig/kubeconfig-cluster.ts";
import type { KubeconfigReading } from "./kubeconfig/kubeconfig-reading.ts";
import type { PluginEnvironment } from "./kubeconfig/plugin-environment.ts";
import type { StaticToken } from "./kubeconfig/static-token.ts";
import type { AwsAuthMatch } from "./mapping/aws-auth.ts";
import type { AwsAuthView } from "./mapping/aws-auth-view.ts";
import type { Mapping } from "./mapping/mapping.ts";
import type { Connection } from "./network/connection.ts";
import type { EksCall } from "./target/eks-call.ts";
import type { EksTarget } from "./target/eks-target.ts";
import type { TargetCluster } from "./target/target-cluster.ts";

/**
 * What follows from the evidence. Each is computed when it is first read, and remembers which parts of the evidence it
 * asked for in vain. Undefined: there is none, or such a part would be needed to know it.
 */
export interface Facts {
  readonly evidence: DoctorEvidence;
  /** Epoch milliseconds of the evidence. */
  readonly now: number | undefined;

  /** What was tried, and how it failed, as the person said it. */
  readonly question: Question | undefined;
  /** How the call failed, out of the pasted error and the API server's answer; `none` when it works. */
  readonly symptom: Symptom | undefined;
  /** What the call that failed said, as it was pasted. */
  readonly pastedError: string | undefined;
  /** What the plugin and AWS said when they refused; empty when both were fine. */
  readonly errorSources: readonly ErrorSource[] | undefined;
  /** The same, to look for a refusal of credentials in; undefined where none can be the cause. */
  readonly credentialErrors: CredentialErrors | undefined;
  /** True: the failed command or its error is about nodes that lost the cluster. */
  readonly isAboutNodes: boolean;
  /** The EKS API call that failed. */
  readonly eksCall: EksCall | undefined;
  /** Other ways to do the same, in which it works. */
  readonly workingWays: readonly WorkingWay[];
  /** Calls that were made to cure it and failed. */
  readonly failedFixes: readonly EksCall[];
  /** True: the question is about a principal that is not the caller. */
  readonly isOtherPrincipal: boolean;
  /** Severity of a fault of credentials, trust or token; undefined: the identity was accepted. */
  readonly preAuthSeverity: Severity | undefined;
  /** True: a client that cannot read its kubeconfig or run its plugin would fail as this call did. */
  readonly failsBeforeRequest: boolean;
  /** True: a token that is not accepted would fail as this call did. */
  readonly canCause401: boolean;
  /** Confidence that a proven fault of mode or mapping is the cause; undefined: the identity was accepted. */
  readonly authFailureConfidence: Confidence | undefined;

  /** The program that talks to the cluster. */
  readonly client: Client | undefined;
  /** The kubeconfig files, read and merged. */
  readonly kubeconfig: KubeconfigReading | undefined;
  /** The context in force, merged as kubectl merges. */
  readonly context: EffectiveContext | undefined;
  /** Its cluster entry, read. */
  readonly clusterEntry: KubeconfigCluster | undefined;
  /** A token in the kubeconfig or on the command line; the client uses it and does not run the plugin. */
  readonly staticToken: StaticToken | undefined;
  /** The exec block of its user, read. */
  readonly exec: ExecBlock | undefined;
  /** Where its command is found. */
  readonly execCommand: ExecCommand | undefined;
  /** How the exec plugin ended when it was run. */
  readonly pluginRun: PluginRun | undefined;
  /** The variables that the plugin runs with. */
  readonly pluginEnvironment: PluginEnvironment;

  /** Who AWS says the caller is, as EKS sees it. */
  readonly principal: Principal | undefined;
  /** Where the plugin takes its AWS credentials from, and why from there. */
  readonly credentials: CredentialSource | undefined;
  /** The sessions and token files that those credentials depend on. */
  readonly neededFiles: readonly NeededFile[] | undefined;
  /** Variables by which Cloud9 shows itself, where the plugin uses the credentials that it manages; else none. */
  readonly cloud9Variables: readonly string[];
  /** The token that the plugin gives. */
  readonly token: TokenFacts | undefined;
  readonly clocks: readonly ClockReading[] | undefined;
  /** The Vouch side of a context of ours. */
  readonly vouch: VouchFacts | undefined;

  /** How a probe reached the API server from this machine; undefined where the question is about somebody else. */
  readonly ownNetwork: NetworkFacts | undefined;
  /** How the way to the API server is; undefined when nobody tried it. */
  readonly connection: Connection | undefined;
  /** What EKS says of the cluster. */
  readonly cluster: ClusterJson | undefined;
  /** How the server in the kubeconfig compares with the endpoint that EKS describes. */
  readonly endpoints: EndpointComparison | undefined;
  /** The cluster behind the context, as kubeconfig and AWS name it. */
  readonly targetCluster: TargetCluster;
  /** The cluster that commands are written for; what is not known in capitals. */
  readonly target: EksTarget;

  /** `API`, `API_AND_CONFIG_MAP`, `CONFIG_MAP`. */
  readonly authenticationMode: string | undefined;
  /** How entries and aws-auth map the principal. */
  readonly mapping: Mapping | undefined;
  /** aws-auth where the cluster asks it. */
  readonly awsAuthView: AwsAuthView | undefined;
  /** The caller's line in aws-auth, where they may be the creator of the cluster, whose full rights it replaces. */
  readonly possibleCreator: AwsAuthMatch | undefined;
  /** True: client, kubeconfig, environment, mode and aws-auth are known, so that no other identity or mapping is left. */
  readonly hasContextForCertainty: boolean;

  /** What was attempted: from the question, the words of the refusal, or nothing. */
  readonly attempt: AccessRequest | undefined;
  /** Whom the call pretends to be. */
  readonly impersonation: Impersonation | undefined;
  /** What policies and RBAC say to the attempt. */
  readonly authorization: Authorization | undefined;
  /** The attempt, denied to an identity that the cluster accepts. */
  readonly deniedRequest: DeniedRequest | undefined;
  /** The same, with the one cause that explains it. */
  readonly denial: ClassifiedDenial | undefined;
}
