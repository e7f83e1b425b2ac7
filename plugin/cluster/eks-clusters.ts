import { type Cluster, DescribeClusterCommand, EKSClient, ListClustersCommand } from "@aws-sdk/client-eks";
import { type AwsPlace, awsClient } from "../../token/aws/aws-client.ts";
import { type AwsCall, awsError } from "../../token/aws/aws-error.ts";
import { run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { endpointOverride } from "../../token/endpoints/aws-endpoint.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { allPages } from "../../token/net/limits.ts";
import { serverValue } from "../../token/net/server-text.ts";
import { isRecord } from "../../token/record.ts";

/** The calls to EKS that setup makes. */
export interface EksApi {
  /** Throws `cluster-not-found`, `aws-denied`, … */
  describeCluster(name: string): Promise<Cluster>;
  /** Names of all clusters of the account in the region. */
  listClusters(): Promise<string[]>;
}

/** EKS in one region. `renewal` is what to run if it refuses the credentials. */
export function eksApi(place: AwsPlace, renewal?: string | undefined): EksApi {
  const { region } = place;
  const host = endpointOverride("eks", place)?.host;
  const send = async <T>(
    { hints, ...call }: Omit<AwsCall, "region" | "host">,
    work: (eks: EKSClient) => Promise<T>,
  ): Promise<T> => {
    const eks = awsClient(EKSClient, "eks", place);
    try {
      return await work(eks);
    } catch (error) {
      throw awsError(error, {
        ...call,
        region,
        ...(host === undefined ? {} : { host }),
        hints: { ...hints, ...(renewal === undefined ? {} : { "aws-credentials-refused": renewal }) },
      });
    } finally {
      eks.destroy();
    }
  };

  return {
    async describeCluster(name) {
      const hints = {
        "cluster-not-found": withCommands`List the clusters: ${run("aws", "eks list-clusters", { region })}, or specify a different --region.`,
      };
      const answer = await send({ action: "eks:DescribeCluster", subject: name, hints }, (eks) =>
        eks.send(new DescribeClusterCommand({ name })),
      );
      return answer.cluster ?? {};
    },
    listClusters: () =>
      allPages(`EKS in ${region}`, async (nextToken) => {
        const page = await send({ action: "eks:ListClusters", subject: region }, (eks) =>
          eks.send(
            new ListClustersCommand({ maxResults: 100, ...(nextToken === undefined ? {} : { nextToken }) }),
          ),
        );
        if (!Array.isArray(page.clusters) || page.clusters.some((name: unknown) => typeof name !== "string"))
          throw new VouchError("aws-failed", `EKS in ${region} answered, but did not list its clusters.`);
        return { items: page.clusters, next: page.nextToken };
      }),
  };
}

/** What setup needs to know about a cluster, from DescribeCluster. */
export interface ClusterFacts {
  readonly name: string;
  /** ID of a local cluster on an Outpost; undefined for any other. */
  readonly id?: string;
  readonly arn: string;
  readonly partition: string;
  readonly region: string;
  /** Account of the cluster, twelve digits. The role may be in another. */
  readonly accountId: string;
  readonly endpoint: string;
  /** PEM in base64. */
  readonly caData: string;
  /** `API`, `API_AND_CONFIG_MAP`, `CONFIG_MAP`; undefined if EKS did not say. */
  readonly authenticationMode: string | undefined;
  /** What the user should know, though it prevents nothing. */
  readonly warnings: readonly string[];
}

/** Statuses in which a cluster has an endpoint that answers. Source: doctor/AWS-CREDENTIALS.md, "AWS CLI". */
const READY = ["ACTIVE", "UPDATING"];

/** An address as EKS reports it: with nothing in it that a kubeconfig or a program could read as something else. */
const PLAIN_HTTPS = /^https:\/\/[\w.-]{1,253}(?::\d{1,5})?(?:\/[\w./-]{0,500})?$/;

/**
 * Reads and checks the answer of DescribeCluster; `clusterId` is what a user expects. Throws `cluster-not-ready` for a cluster that
 * cannot be used, `aws-failed` for an answer that EKS does not give.
 */
export function clusterFacts(name: string, cluster: Cluster, clusterId?: string): ClusterFacts {
  const { arn = "", endpoint, status = "unknown", accessConfig, certificateAuthority } = cluster;
  const [, partition = "", , region = "", accountId = ""] = String(arn).split(":");
  if (!READY.includes(status) || endpoint === undefined || certificateAuthority?.data === undefined) {
    throw new VouchError("cluster-not-ready", `Cluster ${name} is ${status}, without a usable endpoint.`, {
      hint: withCommands`Wait until it is active: ${run("aws", "eks wait cluster-active", { name, region: region || "REGION" })}`,
    });
  }
  const caData = certificateAuthority.data;
  if (!isText(endpoint, PLAIN_HTTPS) || !isText(arn, /^[\w:/-]*$/) || !isText(caData, /^[\w+/=\s]*$/))
    throw new VouchError(
      "aws-failed",
      `EKS describes cluster ${name} with an invalid endpoint (${typeof endpoint === "string" ? JSON.stringify(endpoint.slice(0, 200)) : serverValue(endpoint)}), ARN or certificate authority.`,
    );
  const id = outpostId(name, cluster, clusterId);
  return {
    name,
    ...(id === undefined ? {} : { id }),
    arn,
    partition,
    region,
    accountId,
    endpoint,
    caData,
    authenticationMode: accessConfig?.authenticationMode,
    warnings: warningsOf(name, cluster),
  };
}

function isText(value: unknown, form: RegExp): boolean {
  return typeof value === "string" && form.test(value);
}

/**
 * The verifier of a local cluster knows it by its ID alone. Its `outpostConfig` has no type of etcd instance, unlike that of a cluster
 * whose control plane is in the region. Source: doctor/EKS-ACCESS.md, "Cluster and network".
 */
function outpostId(
  name: string,
  { id, outpostConfig }: Cluster,
  asked: string | undefined,
): string | undefined {
  const isLocal = isRecord(outpostConfig) && !("etcdInstanceType" in outpostConfig);
  if (asked !== undefined && !(isLocal && asked === (id ?? asked))) {
    const is = isLocal ? `its ID is ${id}` : "it is not a local cluster on an Outpost";
    throw new VouchError("usage", `--cluster-id ${asked} is wrong for cluster ${name}: ${is}.`);
  }
  const known = id ?? asked;
  if (isLocal && known === undefined)
    throw new VouchError(
      "aws-failed",
      `EKS does not report the ID of local cluster ${name}, for which its tokens must be signed.`,
      { hint: "Specify it with --cluster-id ID." },
    );
  return isLocal ? known : undefined;
}

function warningsOf(name: string, { accessConfig, resourcesVpcConfig }: Cluster): string[] {
  const warnings: string[] = [];
  if (accessConfig?.authenticationMode === "CONFIG_MAP") {
    warnings.push(
      `The authentication mode of ${name} is CONFIG_MAP: access entries are ignored there, in favor of the ConfigMap ` +
        "kube-system/aws-auth. To enable access entries, a cluster admin runs " +
        withCommands`${run("aws", "eks update-cluster-config", { name, "access-config": "authenticationMode=API_AND_CONFIG_MAP" })}.`,
    );
  }
  if (resourcesVpcConfig?.endpointPublicAccess === false) {
    warnings.push(
      `${name} does not have a public endpoint: kubectl can reach it only from its VPC or a connected network.`,
    );
  }
  return warnings;
}
