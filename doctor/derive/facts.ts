import type {
  AccessRequest,
  Client,
  ClockReading,
  ClusterJson,
  DoctorEvidence,
  ExecCommand,
  PluginRun,
  TokenFacts,
  VouchFacts,
} from "../evidence/evidence.ts";
import type { Authorization } from "./authorization/authorization.ts";
import type { ErrorSource } from "./failure/error-sources.ts";
import type { Symptom } from "./failure/symptom.ts";
import type { CredentialSource } from "./identity/aws-environment.ts";
import type { Principal } from "./identity/principal.ts";
import type { EffectiveContext } from "./kubeconfig/effective-context.ts";
import type { ExecBlock } from "./kubeconfig/exec-block.ts";
import type { KubeconfigReading } from "./kubeconfig/kubeconfig-reading.ts";
import type { Mapping } from "./mapping/mapping.ts";
import type { Connection } from "./network/connection.ts";

/**
 * What follows from the evidence, computed once and shared by all rules. Undefined means unknown: the evidence for it is
 * missing or failed, never that there is none.
 */
export interface Facts {
  readonly evidence: DoctorEvidence;
  /** Epoch milliseconds of the evidence. */
  readonly now: number | undefined;
  /** How the call failed, out of the pasted words and the API server's answer; `none` when it works. */
  readonly symptom: Symptom | undefined;
  /** What the call that failed said, as it was pasted. */
  readonly said: string | undefined;
  /** The program that talks to the cluster. */
  readonly client: Client | undefined;
  /** The kubeconfig files, read and merged. */
  readonly kubeconfig: KubeconfigReading | undefined;
  /** The context in force, merged as kubectl merges. */
  readonly context: EffectiveContext | undefined;
  /** The exec block of its user, read. */
  readonly exec: ExecBlock | undefined;
  /** Where its command is found. */
  readonly execCommand: ExecCommand | undefined;
  /** How the exec plugin ended when it was run. */
  readonly pluginRun: PluginRun | undefined;
  /** Who AWS says the caller is, as EKS sees it. */
  readonly principal: Principal | undefined;
  /** Where the plugin takes its AWS credentials from, and why from there. */
  readonly credentials: CredentialSource | undefined;
  /** What the plugin and AWS said when they refused; empty when both were fine. */
  readonly refusals: readonly ErrorSource[] | undefined;
  /** The token that the plugin gives. */
  readonly token: TokenFacts | undefined;
  readonly clocks: readonly ClockReading[] | undefined;
  /** The Vouch side of a context of ours. */
  readonly vouch: VouchFacts | undefined;
  /** What EKS says of the cluster. */
  readonly cluster: ClusterJson | undefined;
  /** How the way to the API server is; undefined when nobody tried it. */
  readonly connection: Connection | undefined;
  /** `API`, `API_AND_CONFIG_MAP`, `CONFIG_MAP`. */
  readonly mode: string | undefined;
  /** How entries and aws-auth map the principal. */
  readonly mapping: Mapping | undefined;
  /** What was attempted: from the question, the words of the refusal, or nothing. */
  readonly attempt: AccessRequest | undefined;
  /** What policies and RBAC say to the attempt. */
  readonly authorization: Authorization | undefined;
}
