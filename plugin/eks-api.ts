import { type Cluster, DescribeClusterCommand, EKSClient, ListClustersCommand } from "@aws-sdk/client-eks";
import type { AwsCredentials } from "../token/aws/aws-credentials.ts";
import { type AwsCall, awsError } from "../token/aws/aws-error.ts";
import { sdkOptions, withDeadline } from "../token/aws/sdk-options.ts";
import { endpointOverride, stsHostOptions } from "../token/aws/sts-endpoint.ts";
import type { Env } from "../token/env.ts";
import { VouchError } from "../token/errors.ts";
import { partitionOfRegion } from "../token/hot/partition.ts";
import { allPages } from "../token/net/all-pages.ts";

/** The calls to EKS that setup makes. */
export interface EksApi {
  /** Throws `cluster-not-found`, `aws-denied`, … */
  describeCluster(name: string): Promise<Cluster>;
  /** Names of all clusters of the account in the region. */
  listClusters(): Promise<string[]>;
}

/** EKS in one region, asked with these credentials. `AWS_ENDPOINT_URL_EKS` and `AWS_ENDPOINT_URL` are honoured. */
export function eksApi(region: string, env: Env, credentials: AwsCredentials): EksApi {
  const { fips, dualStack } = stsHostOptions(env);
  const override = endpointOverride("EKS", env);
  const target = override ?? new URL(`https://eks.${region}.${partitionOfRegion(region).dnsSuffix}`);
  const client = () =>
    withDeadline(
      new EKSClient({
        ...sdkOptions({ region, env, target, credentials }),
        ...(override === undefined
          ? { useFipsEndpoint: fips, useDualstackEndpoint: dualStack }
          : { endpoint: override.href }),
      }),
    );
  const send = async <T>(
    call: Omit<AwsCall, "region" | "host">,
    work: (eks: EKSClient) => Promise<T>,
  ): Promise<T> => {
    const eks = client();
    try {
      return await work(eks);
    } catch (error) {
      throw awsError(error, { ...call, region, ...(override === undefined ? {} : { host: target.host }) });
    } finally {
      eks.destroy();
    }
  };

  return {
    async describeCluster(name) {
      const hints = {
        "cluster-not-found": `List what is there: \`aws eks list-clusters --region ${region}\`; another region: \`--region\`.`,
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
