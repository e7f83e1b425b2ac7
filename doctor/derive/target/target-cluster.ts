import { partitionById, partitionOfRegion } from "../../../token/hot/partition.ts";
import { ownedCluster } from "../../../token/kubeconfig/kubeconfig-view.ts";
import { type DoctorEvidence, failureOf, knownValue } from "../../evidence/evidence.ts";
import { firstOf, lazy } from "../../evidence/reads.ts";
import { awsProfiles } from "../identity/aws-profile-chain.ts";
import { configuredRegion } from "../identity/credential-source.ts";
import { contextAsked, type EffectiveContext } from "../kubeconfig/effective-context.ts";
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
type NamedCluster = Partial<TargetCluster> & Pick<TargetCluster, "name" | "region">;

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

type Target = Pick<TargetCluster, "name" | "region">;

const ARN_IN_TEXT = /arn:[a-z-]+:eks:[a-z0-9-]+:\d{12}:cluster\/[0-9A-Za-z][\w-]*/g;

const ENDPOINT_IN_TEXT = /\b[0-9A-Fa-f]{32}\.[\w.-]+/g;

/** How the AWS CLI and eksctl are told; AWS's plugin is shown with its arguments where it fails. */
const FLAG_IN_TEXT = /--(?<flag>cluster-name|region)[= ]"?(?<value>[\w-]+)/g;

/**
 * The cluster that a command for the context most likely needs: as in `targetCluster`, otherwise from any other sign that points to a
 * single one. Only for commands, whose reader sees the name; nothing is concluded from it.
 */
export function likelyTarget(facts: TargetCase): Target {
  const known = targetCluster(facts);
  const signs = lazy<{ readonly named: Target | undefined }>({ named: () => namedElsewhere(facts) });
  return lazy<Target>({
    name: () =>
      firstOf(
        () => known.name,
        () => signs.named?.name,
        () => facts.evidence.question?.cluster,
        () => flagIn(facts, "cluster-name"),
        () => nameInEks(facts),
        () => plainName(facts),
      ),
    region: () =>
      firstOf(
        () => known.region,
        () => signs.named?.region,
        () => facts.evidence.question?.region,
        () => endpointRegionIn(facts),
        () => flagIn(facts, "region"),
        () => regionMeant(facts),
      ),
  });
}

/** By its ARN: in the name of the requested context, in errors, and in kubeconfig files from which no context can be read. */
function namedElsewhere({ evidence, context }: TargetCase): NamedCluster | undefined {
  const arnIn = (texts: readonly string[]) =>
    clusterByName(only(texts.flatMap((text) => text.match(ARN_IN_TEXT) ?? [])));
  return (
    clusterByName(contextAsked(evidence)) ??
    arnIn(words(evidence)) ??
    (context === undefined ? arnIn(kubeconfigTexts(evidence)) : undefined)
  );
}

/** The errors of the failed call, the plugin and AWS. */
function words(evidence: DoctorEvidence): string[] {
  const { question } = evidence;
  const refusals = Object.values(evidence).map((part) => failureOf(part as object) ?? "");
  return [
    question?.command ?? "",
    question?.stderr ?? "",
    knownValue(evidence.pluginRun)?.stderr ?? "",
  ].concat(refusals);
}

function kubeconfigTexts({ kubeconfig }: DoctorEvidence): string[] {
  const { files = [] } = knownValue(kubeconfig) ?? {};
  return files.map((file) => ("text" in file ? (file.text ?? "") : ""));
}

/** The cluster for which STS accepts the token, that of the access entries, or the only one in the list. */
function nameInEks({ evidence }: TargetCase): string | undefined {
  const signed = (knownValue(evidence.tokenNames) ?? []).filter(({ accepted }) => accepted);
  const entries = knownValue(evidence.accessEntryDetails) ?? [];
  return (
    only(signed.map(({ name }) => name)) ??
    only(entries.flatMap(({ accessEntry: { clusterName } }) => clusterName ?? [])) ??
    only(knownValue(evidence.clusters)?.clusters ?? [])
  );
}

/** The name of the cluster entry or of the context, unless EKS has no cluster with that name. */
function plainName({ evidence, context }: TargetCase): string | undefined {
  const list = knownValue(evidence.clusters)?.clusters;
  return [context?.clusterName, context?.name].find(
    (name) => name !== undefined && isClusterName(name) && list?.includes(name) !== false,
  );
}

/** What a command in the errors says. */
function flagIn({ evidence }: TargetCase, flag: "cluster-name" | "region"): string | undefined {
  const found = words(evidence).flatMap((text) => [...text.matchAll(FLAG_IN_TEXT)]);
  return only(found.flatMap(({ groups }) => (groups?.["flag"] === flag ? (groups["value"] ?? []) : [])));
}

function endpointRegionIn(facts: TargetCase): string | undefined {
  const host = knownValue(facts.evidence.network)?.host;
  return endpointRegion(host) ?? only(endpointsIn(facts).flatMap((one) => endpointRegion(one) ?? []));
}

/** The only host of an API server that the errors name, or the kubeconfig if it has no context. */
export function endpointNamed(facts: TargetCase): string | undefined {
  return only(endpointsIn(facts).filter((host) => endpointRegion(host) !== undefined));
}

function endpointsIn({ evidence, context }: TargetCase): string[] {
  const texts = [...words(evidence), ...(context === undefined ? kubeconfigTexts(evidence) : [])];
  return texts.flatMap((text) => text.match(ENDPOINT_IN_TEXT) ?? []);
}

/** The region that the plugin and AWS's tools use. */
function regionMeant(facts: TargetCase): string | undefined {
  const profiles = [...awsProfiles(facts.evidence).byName.values()];
  return (
    configuredRegion(facts) ??
    knownValue(facts.evidence.token)?.region ??
    only(profiles.flatMap(({ settings }) => settings["region"] ?? []))
  );
}

/** The value, if all are the same. */
export function only(values: readonly string[]): string | undefined {
  const [value, ...others] = new Set(values);
  return others.length === 0 ? value : undefined;
}

/** The cluster that commands are written for. */
export interface EksTarget {
  readonly cluster: string;
  readonly region: string;
  readonly partition: string;
}
