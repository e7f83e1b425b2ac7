import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { compareEndpoints, isOffline } from "../../derive/kubeconfig/api-endpoint.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { isLoopbackHost, isPrivateAddress } from "../../evidence/ip-address.ts";
import { aws } from "../../fixes/aws.ts";
import type { Fix } from "../../fixes/fix.ts";

/** The endpoint is the right one, and the resolver in use does not know it, or gives an old public answer. */
export const networkPrivateDns = defineLegacyRule({
  code: "network-private-dns",
  stage: "network",
  causes: ["N5"],
  expects: "the resolver in use knows the cluster's endpoint",
  needs: ["connection", "context", "cluster"],
  judge(facts) {
    const { connection, cluster, evidence } = facts;
    const compared = compareEndpoints(facts);
    const isReady = ["ACTIVE", "UPDATING", undefined].includes(cluster.status);
    if (compared?.isSame !== true || !isReady || isOffline(evidence)) return [];
    const host = compared.endpointHost;
    const shown = connection.unknownName ?? publicAnswer(facts);
    if (shown === undefined) return [];
    const isPrivate = cluster.resourcesVpcConfig?.endpointPublicAccess === false;
    return [
      {
        cause: "N5",
        stage: "network",
        severity: "error",
        confidence: "likely",
        summary: `${host} is the endpoint of ${cluster.name} today, but the resolver of this machine ${connection.unknownName === undefined ? "gives a public address for it" : "does not know it"}.`,
        evidence: [
          shown,
          `DescribeCluster says the same endpoint as the kubeconfig, ${compared.endpoint}.`,
          ...(isPrivate ? ["resourcesVpcConfig.endpointPublicAccess is false."] : []),
        ],
        falsifiedBy: sentence`Another resolver does not know it either: ${run("nslookup", "", {}, host, "1.1.1.1")}.`,
        fixes: fixes(facts, host),
      },
    ];
  },
});

/**
 * A private endpoint has private addresses everywhere; a public one is an old answer.
 * Source: doctor/EKS-ACCESS.md, "Cluster and network".
 */
function publicAnswer({ connection, cluster }: Facts): string | undefined {
  const { addresses = [], timeout, refused } = connection ?? {};
  const isPublic =
    addresses.length > 0 &&
    addresses.every((address) => !isPrivateAddress(address) && !isLoopbackHost(address));
  const isPrivateEndpoint = cluster?.resourcesVpcConfig?.endpointPublicAccess === false;
  if (!isPublic || !isPrivateEndpoint || (timeout ?? refused) === undefined) return undefined;
  return `The name resolves to ${addresses.join(", ")}, which is public.`;
}

function fixes(facts: Facts, host: string): Fix[] {
  const { region } = commandTarget(facts);
  const vpc = facts.cluster?.resourcesVpcConfig?.vpcId ?? "VPC";
  const attribute = (name: string) =>
    aws("ec2 modify-vpc-attribute", { region, "vpc-id": vpc, [name]: JSON.stringify({ Value: true }) });
  return [
    {
      audience: "you",
      description:
        "Ask a resolver outside; if it answers, the one in use (router, VPN, company) drops private answers: use another, or have the name allowed.",
      actions: [run("nslookup", "", {}, host), run("nslookup", "", {}, host, "1.1.1.1")],
    },
    {
      audience: "cluster-admin",
      description:
        "Inside the VPC: switch its DNS on. From outside through a VPN: forward eks.amazonaws.com to the VPC's resolver (its base address plus two).",
      actions: [attribute("enable-dns-support"), attribute("enable-dns-hostnames")],
    },
  ];
}
