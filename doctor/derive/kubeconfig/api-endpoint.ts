import { type DoctorEvidence, failureOf, knownValue } from "../../evidence/evidence.ts";
import type { Facts } from "../facts.ts";
import { addressOf, type KubeconfigCluster, kubeconfigCluster } from "./kubeconfig-cluster.ts";

/** `<32 hex>.<shard>.<region>.eks.amazonaws.com` and its kin. Source: doctor/EKS-ACCESS.md, "Cluster and network". */
const EKS_HOST = /^[0-9a-f]{32}\.\w+\.[a-z0-9-]+\.eks\.[a-z.]+$|^[0-9a-f]{32}\.[\w.-]+\.api\.aws$/;

/** How `server` in the kubeconfig stands to the endpoint that EKS tells of the cluster the context means. */
export interface EndpointComparison {
  readonly entry: KubeconfigCluster;
  /** `https://…` as EKS says it. */
  readonly endpoint: string;
  readonly endpointHost: string;
  readonly isSame: boolean;
}

/**
 * Compares them; undefined when either is unknown, or when what was described is another cluster than the context
 * names: then the comparison says nothing.
 */
export function compareEndpoints({
  context,
  exec,
  cluster,
}: Pick<Facts, "context" | "exec" | "cluster">): EndpointComparison | undefined {
  const entry = kubeconfigCluster(context);
  const address = addressOf(cluster?.endpoint);
  if (entry === undefined || cluster?.endpoint === undefined || address === undefined) return undefined;
  const arns = [context?.clusterName, context?.name].filter((name) => name?.startsWith("arn:"));
  const isOther =
    arns.some((arn) => cluster.arn !== undefined && arn !== cluster.arn) ||
    (exec?.clusterName !== undefined && exec.clusterName !== cluster.name);
  if (isOther) return undefined;
  const isSame = entry.host === address.host && entry.port === address.port;
  return { entry, endpoint: cluster.endpoint, endpointHost: address.host, isSame };
}

/** Whether a host has the form of an EKS endpoint. */
export function isEksHost(host: string): boolean {
  return EKS_HOST.test(host);
}

/** Whether EKS says that there is no such cluster, in the region and account that were asked. */
export function clusterNotFound(evidence: DoctorEvidence): string | undefined {
  const failure = failureOf(evidence.cluster);
  const isMissing =
    failure !== undefined && /ResourceNotFoundException|No cluster found for name/.test(failure);
  return isMissing ? failure : undefined;
}

/** Whether names do not resolve on this machine at all, as calls to AWS show: then one more says nothing. */
export function isOffline(evidence: DoctorEvidence): boolean {
  const calls = [
    failureOf(evidence.callerIdentity),
    failureOf(evidence.cluster),
    failureOf(evidence.clusters),
  ];
  const anyAnswer = [evidence.callerIdentity, evidence.cluster].some(
    (part) => knownValue<unknown>(part) !== undefined,
  );
  return (
    !anyAnswer &&
    calls.some((failure) =>
      /\b(?:ENOTFOUND|EAI_AGAIN)\b|no such host|Could not connect to the endpoint URL|Name or service not known|name resolution/i.test(
        failure ?? "",
      ),
    )
  );
}
