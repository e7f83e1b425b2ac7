import { createHash } from "node:crypto";
import type { Cluster } from "../../model.ts";
import { clusterArn, clustersOf, type EksCall, requireAllowed, requireCluster, seconds } from "./call.ts";
import { pageOf } from "./page.ts";

export function describeCluster(call: EksCall): unknown {
  requireAllowed(call.caller, "eks:DescribeCluster", clusterArn(call, call.path["name"] ?? ""));
  return { cluster: clusterJson(requireCluster(call)) };
}

export function listClusters(call: EksCall): unknown {
  requireAllowed(call.caller, "eks:ListClusters", clusterArn(call, "*"));
  const names = clustersOf(call).map(({ name }) => name);
  const { items, nextToken } = pageOf(names, call.query);
  return { clusters: items, nextToken };
}

/** Source: EKS service model, LogType. */
const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** The `cluster` of DescribeCluster. One that is being made has no endpoint and no certificate authority yet. */
function clusterJson(cluster: Cluster): unknown {
  const id = createHash("sha256").update(cluster.arn).digest("hex");
  const reachable = cluster.status !== "CREATING" && cluster.endpoint !== "";
  const issuer = `https://oidc.eks.${cluster.region}.amazonaws.com/id/${id.slice(0, 32).toUpperCase()}`;
  const authority = Buffer.from(cluster.certificateAuthority).toString("base64");

  return {
    name: cluster.name,
    arn: cluster.arn,
    createdAt: seconds(cluster.createdAt),
    version: cluster.version,
    ...(reachable ? { endpoint: cluster.endpoint } : {}),
    roleArn: cluster.arn.replace(/:eks:.*/, `:iam::${cluster.arn.split(":")[4]}:role/eks-cluster`),
    resourcesVpcConfig: {
      subnetIds: [`subnet-${id.slice(0, 17)}`, `subnet-${id.slice(17, 34)}`],
      securityGroupIds: [],
      clusterSecurityGroupId: `sg-${id.slice(34, 51)}`,
      vpcId: `vpc-${id.slice(40, 57)}`,
      endpointPublicAccess: cluster.endpointPublicAccess,
      endpointPrivateAccess: cluster.endpointPrivateAccess,
      publicAccessCidrs: cluster.publicAccessCidrs,
    },
    kubernetesNetworkConfig: { serviceIpv4Cidr: "10.100.0.0/16", ipFamily: "ipv4" },
    logging: { clusterLogging: [{ types: LOG_TYPES, enabled: false }] },
    identity: { oidc: { issuer } },
    status: cluster.status,
    certificateAuthority: reachable ? { data: authority } : {},
    platformVersion: cluster.platformVersion,
    tags: cluster.tags ?? {},
    health: { issues: cluster.healthIssues ?? [] },
    ...(cluster.outpostId === undefined ? {} : outpostJson(cluster, cluster.outpostId)),
    accessConfig: {
      bootstrapClusterCreatorAdminPermissions: cluster.bootstrapClusterCreatorAdminPermissions ?? null,
      authenticationMode: cluster.authenticationMode,
    },
    upgradePolicy: { supportType: "STANDARD" },
  };
}

/** Source: EKS service model, Cluster and OutpostConfigResponse. */
function outpostJson({ arn }: Cluster, id: string): object {
  const [, partition, , region, account] = arn.split(":");
  const outpost = `arn:${partition}:outposts:${region}:${account}:outpost/op-0123456789abcdef0`;
  return { id, outpostConfig: { outpostArns: [outpost], controlPlaneInstanceType: "m5.large" } };
}
