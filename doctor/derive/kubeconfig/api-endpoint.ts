import { type ClusterJson, type DoctorEvidence, failureOf } from "../../evidence/evidence.ts";
import type { EffectiveContext } from "./effective-context.ts";
import type { ExecBlock } from "./exec-block.ts";
import { addressOf, type KubeconfigCluster } from "./kubeconfig-cluster.ts";

/** `<32 hex>.<shard>.<region>.eks.amazonaws.com` and its kin. Source: doctor/EKS-ACCESS.md, "Cluster and network". */
const EKS_HOST = /^[0-9a-f]{32}\.\w+\.[a-z0-9-]+\.eks\.[a-z.]+$|^[0-9a-f]{32}\.[\w.-]+\.api\.aws$/;

/** How `server` in the kubeconfig compares with the endpoint of the cluster in EKS. */
export interface EndpointComparison {
  readonly entry: KubeconfigCluster;
  /** `https://…` as EKS has it. */
  readonly endpoint: string;
  readonly endpointHost: string;
  /** The port of `http://…` tells nothing: the endpoint has TLS only. */
  readonly isSame: boolean;
}

/** What names the endpoint. */
export interface EndpointCase {
  readonly context: EffectiveContext | undefined;
  readonly clusterEntry: KubeconfigCluster | undefined;
  readonly exec: ExecBlock | undefined;
  readonly cluster: ClusterJson | undefined;
}

/** Undefined when either is unknown, or EKS described another cluster than the context names. */
export function compareEndpoints(facts: EndpointCase): EndpointComparison | undefined {
  const { context, clusterEntry: entry, exec } = facts;
  if (entry === undefined) return undefined;
  const { cluster } = facts;
  const address = addressOf(cluster?.endpoint);
  if (cluster?.endpoint === undefined || address === undefined) return undefined;
  const arns = [context?.clusterName, context?.name].filter((name) => name?.startsWith("arn:"));
  const isOther =
    arns.some((arn) => cluster.arn !== undefined && arn !== cluster.arn) ||
    (exec?.clusterName !== undefined && exec.clusterName !== cluster.name);
  if (isOther) return undefined;
  const isSame = entry.host === address.host && (entry.port === address.port || entry.isPlainHttp);
  return { entry, endpoint: cluster.endpoint, endpointHost: address.host, isSame };
}

/** Whether a host has the form of an EKS endpoint. */
export function isEksHost(host: string): boolean {
  return EKS_HOST.test(host);
}

/** EKS's error, where it says that there is no such cluster in the region and account that were asked. */
export function clusterNotFound(evidence: Pick<DoctorEvidence, "cluster">): string | undefined {
  const failure = failureOf(evidence.cluster);
  const isMissing =
    failure !== undefined && /ResourceNotFoundException|No cluster found for name/.test(failure);
  return isMissing ? failure : undefined;
}
