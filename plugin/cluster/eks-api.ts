import { type Cluster, DescribeClusterCommand, EKSClient, ListClustersCommand } from "@aws-sdk/client-eks";
import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import { type AwsCall, awsError } from "../../token/aws/aws-error.ts";
import { sdkOptions, withDeadline } from "../../token/aws/sdk-options.ts";
import { run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { endpointOverride, sdkHostOptions, usualAwsUrl } from "../../token/endpoints/aws-endpoint.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import type { Env } from "../../token/env.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { allPages } from "../../token/net/all-pages.ts";

/** The calls to EKS that setup makes. */
export interface EksApi {
  /** Throws `cluster-not-found`, `aws-denied`, … */
  describeCluster(name: string): Promise<Cluster>;
  /** Names of all clusters of the account in the region. */
  listClusters(): Promise<string[]>;
}

/** With what EKS is asked, and where. */
export interface EksPlace {
  readonly env: Env;
  readonly endpoints: Endpoints;
  readonly credentials: AwsCredentials;
}

/** EKS in one region. */
export function eksApi(region: string, { env, endpoints, credentials }: EksPlace): EksApi {
  const override = endpointOverride("eks", { region, env, endpoints });
  const target = override ?? usualAwsUrl("eks", region);
  const caBundle = endpoints.awsCaBundle;
  const client = () =>
    withDeadline(
      new EKSClient({
        ...sdkOptions({ region, env, target, caBundle, credentials }),
        ...(override === undefined ? sdkHostOptions(env) : { endpoint: override.href }),
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
        "cluster-not-found": withCommands`List what is there: ${run("aws", "eks list-clusters", { region })}; another region: --region.`,
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
