import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { compareEndpoints } from "../../derive/kubeconfig/api-endpoint.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { isPrivateAddress } from "../../evidence/ip-address.ts";
import { aws } from "../../fixes/aws.ts";
import type { Fix } from "../../fixes/fix.ts";

/** The endpoint answers only inside the cluster's network, and the caller is not in it. */
export const networkEndpointPrivate = defineLegacyRule({
  code: "network-endpoint-private",
  stage: "network",
  causes: ["N2"],
  expects: "a private endpoint is called from the cluster's network",
  needs: ["connection"],
  judge(facts) {
    const { connection, cluster, symptom } = facts;
    const { timeout, addresses } = connection;
    const isPublic = cluster?.resourcesVpcConfig?.endpointPublicAccess;
    if (timeout === undefined || isPublic === true || symptom?.kind === "aws-refused") return [];
    if (addresses.length === 0 ? isPublic === undefined : !addresses.every(isPrivateAddress)) return [];
    if (compareEndpoints(facts)?.isSame === false) return [];
    const { cluster: name } = commandTarget(facts);
    const shown = addresses.length === 0 ? "" : ` (${addresses.join(", ")})`;
    return [
      {
        cause: "N2",
        stage: "network",
        severity: "error",
        confidence: sureness(facts, isPublic),
        summary: `The API server of ${name} has only private addresses${shown}, and this machine has no way to them.`,
        evidence: [
          timeout,
          ...(isPublic === false ? ["resourcesVpcConfig.endpointPublicAccess is false."] : []),
          ...(addresses.length === 0
            ? []
            : [`Its name resolves to ${addresses.join(", ")}, which is private.`]),
        ],
        falsifiedBy:
          "A host in the cluster's VPC, or on the VPN, gets no answer on port 443 either (then it is the security group, N4).",
        fixes: fixes(facts),
      },
    ];
  },
});

/** "No route" leaves nothing else; a silence may also be a security group. */
function sureness({ evidence, connection }: Facts, isPublic: boolean | undefined): Confidence {
  const network = evidence.network;
  const noRoute =
    network !== undefined &&
    "tcp" in network &&
    network.tcp === "unreachable" &&
    connection?.addresses.length !== 0;
  return noRoute && isPublic === false ? "certain" : "likely";
}

function fixes(facts: Facts): Fix[] {
  const { cluster, region } = commandTarget(facts);
  return [
    {
      audience: "you",
      description:
        "Connect to the network of the cluster (VPN, Direct Connect, a bastion, SSM), then try again.",
    },
    {
      audience: "cluster-admin",
      description: "Or open the public endpoint as well, for the addresses you come from.",
      actions: [
        aws("eks update-cluster-config", {
          name: cluster,
          region,
          "resources-vpc-config":
            "endpointPublicAccess=true,endpointPrivateAccess=true,publicAccessCidrs=YOUR_ADDRESS/32",
        }),
        aws("eks wait cluster-active", { name: cluster, region }),
      ],
    },
  ];
}
