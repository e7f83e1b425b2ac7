import { partitionById, partitionOfRegion } from "../../../token/hot/partition.ts";
import { ownedCluster } from "../../../token/kubeconfig/kubeconfig-view.ts";
import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { lazy } from "../../evidence/reads.ts";
import type { EffectiveContext } from "../kubeconfig/effective-context.ts";
import type { ExecBlock } from "../kubeconfig/exec-block.ts";

/** What determines the cluster. */
export interface TargetCase {
  readonly evidence: DoctorEvidence;
  readonly context: EffectiveContext | undefined;
  readonly exec: ExecBlock | undefined;
}

/** The cluster of the context, as far as kubeconfig and AWS name it. */
export interface TargetCluster {
  readonly name: string | undefined;
  readonly region: string | undefined;
  /** The cluster's account, not the caller's. */
  readonly account: string | undefined;
  readonly partition: string | undefined;
}

/** Names that EKS accepts. Source: EKS API, CreateCluster, `name`. */
const CLUSTER_NAME = /^[0-9A-Za-z][\w-]{0,99}$/;

const CLUSTER_ARN = /^arn:([a-z-]+):eks:([a-z0-9-]+):(\d{12}):cluster\/([0-9A-Za-z][\w-]*)$/;

/**
 * eksctl's name for a cluster, which is also its name for a context after the user's name: `lab.eu-west-1.eksctl.io`. Source:
 * eksctl, ClusterMeta.String; kubeconfig.NewForUser.
 */
const EKSCTL_NAME = /^(?:[^@]*@)?([0-9A-Za-z][\w-]*)\.([a-z]{2,}(?:-[a-z]+)+-\d+)\.eksctl\.io$/;

/**
 * `https://<hex>.<shard>.<region>.eks.amazonaws.com`, or `….<region>.api.aws`.
 * Source: doctor/EKS-ACCESS.md, "Cluster and network".
 */
const ENDPOINT_REGION = /\.([a-z]{2,}(?:-[a-z]+)+-\d+)\.(?:eks|api)\./;

/**
 * What is known about the cluster of the context. First what the tool that wrote the entry put into it, such as the ARN that
 * `update-kubeconfig` uses as its name: what DescribeCluster found may be another cluster with the same name, in the caller's own
 * account.
 */
export function targetCluster({ evidence, context, exec }: TargetCase): TargetCluster {
  const { cluster } = context ?? {};
  const written =
    readArn(context?.clusterName) ??
    readArn(context?.name) ??
    readArn(context && ownedCluster(context.body)) ??
    readArn(cluster && ownedCluster(cluster.body)) ??
    readEksctlName(context?.clusterName);
  const server = cluster?.body["server"];
  const described = () => knownValue(evidence.cluster)?.cluster;
  const isSame = () => typeof server !== "string" || described()?.endpoint === server;
  const owned = () => (isSame() ? readArn(described()?.arn) : undefined);
  const found = () => written ?? owned();
  const target: TargetCluster = lazy<TargetCluster>({
    name: () => found()?.name ?? nameInArgs(exec) ?? described()?.name,
    region: () => written?.region ?? endpointRegion(server) ?? found()?.region ?? exec?.region,
    account: () => found()?.account ?? (owned()?.name === written?.name ? owned()?.account : undefined),
    partition: () => written?.partition ?? (target.region && partitionOfRegion(target.region).id),
  });
  return target;
}

/** Whether a cluster can have this name. */
export function isClusterName(name: string): boolean {
  return CLUSTER_NAME.test(name);
}

function nameInArgs(exec: ExecBlock | undefined): string | undefined {
  const { clusterName = "" } = exec ?? {};
  return isClusterName(clusterName) ? clusterName : readArn(clusterName)?.name;
}

/** A cluster as given by a name. */
export type NamedCluster = Partial<TargetCluster> & Pick<TargetCluster, "name" | "region">;

/** The cluster that an ARN, or eksctl's name of a cluster or context, stands for. */
export function clusterByName(text: string | undefined): NamedCluster | undefined {
  return readArn(text) ?? readEksctlName(text);
}

function readArn(arn: string | undefined): NamedCluster | undefined {
  const [, partition = "", region, account, name] = CLUSTER_ARN.exec(arn ?? "") ?? [];
  return partitionById(partition) === undefined ? undefined : { partition, region, account, name };
}

function readEksctlName(text: string | undefined): NamedCluster | undefined {
  const [, name, region] = EKSCTL_NAME.exec(text ?? "") ?? [];
  return name === undefined ? undefined : { name, region };
}

/** The region in the address of an EKS endpoint. */
export function endpointRegion(server: unknown): string | undefined {
  if (typeof server !== "string") return undefined;
  return ENDPOINT_REGION.exec(server)?.[1];
}
