import { partitionById, partitionOfRegion } from "../../../token/hot/partition.ts";
import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { lazy } from "../../evidence/reads.ts";
import type { EffectiveContext } from "../kubeconfig/effective-context.ts";
import type { ExecBlock } from "../kubeconfig/exec-block.ts";

/** What names the cluster. */
export interface TargetCase {
  readonly evidence: DoctorEvidence;
  readonly context: EffectiveContext | undefined;
  readonly exec: ExecBlock | undefined;
}

/** The cluster that is meant, as far as kubeconfig and AWS name it. */
export interface TargetCluster {
  readonly name: string | undefined;
  readonly region: string | undefined;
  /** Of the cluster, not of the caller. */
  readonly account: string | undefined;
  readonly partition: string | undefined;
}

const CLUSTER_ARN = /^arn:([a-z-]+):eks:([a-z0-9-]+):(\d{12}):cluster\/([0-9A-Za-z][\w-]*)$/;

/**
 * `https://<hex>.<shard>.<region>.eks.amazonaws.com`, or `….<region>.api.aws`.
 * Source: doctor/EKS-ACCESS.md, "Cluster and network".
 */
const ENDPOINT_REGION = /\.([a-z]{2,}(?:-[a-z]+)+-\d+)\.(?:eks|api)\./;

/**
 * What is known of the cluster behind the context. The ARN that `update-kubeconfig` writes as the entry's name comes
 * first: what DescribeCluster found may be another cluster of the same name, in the caller's own account.
 */
export function targetCluster({ evidence, context, exec }: TargetCase): TargetCluster {
  const written = readArn(context?.clusterName) ?? readArn(context?.name);
  const server = context?.cluster?.body["server"];
  const described = () => knownValue(evidence.cluster)?.cluster;
  const isSame = () => typeof server !== "string" || described()?.endpoint === server;
  const found = () => written ?? (isSame() ? readArn(described()?.arn) : undefined);
  const target: TargetCluster = lazy<TargetCluster>({
    name: () => found()?.name ?? exec?.clusterName ?? described()?.name,
    region: () => written?.region ?? endpointRegion(server) ?? found()?.region ?? exec?.region,
    account: () => found()?.account,
    partition: () => written?.partition ?? (target.region && partitionOfRegion(target.region).id),
  });
  return target;
}

function readArn(arn: string | undefined): Required<TargetCluster> | undefined {
  const [, partition = "", region, account, name] = CLUSTER_ARN.exec(arn ?? "") ?? [];
  return partitionById(partition) === undefined ? undefined : { partition, region, account, name };
}

function endpointRegion(server: unknown): string | undefined {
  if (typeof server !== "string") return undefined;
  return ENDPOINT_REGION.exec(server)?.[1];
}
