import { type ClusterJson, type DoctorEvidence, failureOf } from "../../evidence/evidence.ts";
import type { EffectiveContext } from "./effective-context.ts";
import type { ExecBlock } from "./exec-block.ts";
import { addressOf, type KubeconfigCluster } from "./kubeconfig-cluster.ts";

/** `<32 hex>.<shard>.<region>.eks.amazonaws.com` and similar. Source: doctor/EKS-ACCESS.md, "Cluster and network". */
const EKS_HOST = /^[0-9a-f]{32}\.\w+\.[a-z0-9-]+\.eks\.[a-z.]+$|^[0-9a-f]{32}\.[\w.-]+\.api\.aws$/;

/** How `server` in the kubeconfig compares with the endpoint of the cluster in EKS. */
export interface EndpointComparison {
  readonly entry: KubeconfigCluster;
  /** `https://…`, as in EKS's answer. */
  readonly endpoint: string;
  readonly endpointHost: string;
  /** Whether they have the same host and port. The port of `http://…` does not count, since the endpoint only has TLS. */
  readonly isSame: boolean;
}

/** What determines both endpoints. */
export interface EndpointCase {
  readonly context: EffectiveContext | undefined;
  readonly clusterEntry: KubeconfigCluster | undefined;
  readonly exec: ExecBlock | undefined;
  readonly cluster: ClusterJson | undefined;
}

/** Undefined if one of them is not known, or if EKS described another cluster than the context names. */
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

/** EKS's error, if it says that there is no such cluster in the region and account of the call. */
export function clusterNotFound(evidence: Pick<DoctorEvidence, "cluster">): string | undefined {
  const failure = failureOf(evidence.cluster);
  const isMissing =
    failure !== undefined && /ResourceNotFoundException|No cluster found for name/.test(failure);
  return isMissing ? failure : undefined;
}
