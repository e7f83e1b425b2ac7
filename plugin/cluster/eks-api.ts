import { type Cluster, DescribeClusterCommand, EKSClient, ListClustersCommand } from "@aws-sdk/client-eks";
import { type AwsPlace, awsClient } from "../../token/aws/aws-client.ts";
import { type AwsCall, awsError } from "../../token/aws/aws-error.ts";
import { run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { endpointOverride } from "../../token/endpoints/aws-endpoint.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { allPages } from "../../token/net/limits.ts";

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
        if (!Array.isArray(page.clusters))
          throw new VouchError("aws-failed", `EKS in ${region} answered, but did not list its clusters.`);
        return { items: page.clusters, next: page.nextToken };
      }),
  };
}
