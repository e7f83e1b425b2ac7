import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { isInRange, isLoopbackHost, isPrivateAddress } from "../../evidence/ip-address.ts";
import { aws, structure } from "../../fixes/aws.ts";
import type { Fix } from "../../fixes/fix.ts";

/**
 * The public endpoint lets in certain addresses only; a refusal looks like silence.
 * Source: doctor/EKS-ACCESS.md, "Cluster and network".
 */
export const networkEgressNotAllowed = defineLegacyRule({
  code: "network-egress-not-allowed",
  stage: "network",
  causes: ["N3"],
  expects: "the public endpoint lets in the address this machine comes from",
  needs: ["connection"],
  judge(facts) {
    const { connection, cluster, evidence } = facts;
    const { timeout, addresses } = connection;
    const isOutside = !addresses.some((address) => isPrivateAddress(address) || isLoopbackHost(address));
    const egress = knownValue(evidence.network)?.egressAddress;
    const { endpointPublicAccess, publicAccessCidrs: cidrs } = cluster?.resourcesVpcConfig ?? {};
    if (timeout === undefined || !isOutside || endpointPublicAccess === false) return [];
    if (cidrs === undefined ? addresses.length === 0 : isLetIn(cidrs, egress)) return [];
    const { cluster: name } = commandTarget(facts);
    return [
      {
        cause: "N3",
        stage: "network",
        severity: "error",
        confidence: sureness(facts, egress),
        summary: `The public endpoint of ${name} lets in ${cidrs?.join(", ") ?? "certain addresses only"}, and not ${egress ?? "the address you come from"}.`,
        evidence: [
          timeout,
          ...(cidrs === undefined
            ? ["The address is public; which addresses it lets in is not known."]
            : [`resourcesVpcConfig.publicAccessCidrs is ${cidrs.join(", ")}.`]),
          ...(egress === undefined ? [] : [`To the outside this machine is ${egress}.`]),
        ],
        falsifiedBy: sentence`${run("curl", "", {}, "https://checkip.amazonaws.com")} on this machine gives an address inside that list.`,
        fixes: fixes(facts, egress),
        ...(cidrs === undefined ? { inferred: true } : {}),
      },
    ];
  },
});

function isLetIn(cidrs: readonly string[], egress: string | undefined): boolean {
  return cidrs.some((cidr) => cidr.endsWith("/0") || (egress !== undefined && isInRange(egress, cidr)));
}

function sureness({ cluster, connection }: Facts, egress: string | undefined): Confidence {
  if (cluster?.resourcesVpcConfig?.publicAccessCidrs === undefined) return "possible";
  return egress === undefined || connection?.addresses.length === 0 ? "likely" : "certain";
}

function fixes(facts: Facts, egress: string | undefined): Fix[] {
  const { cluster, region } = commandTarget(facts);
  const cidrs = facts.cluster?.resourcesVpcConfig?.publicAccessCidrs ?? ["EXISTING_CIDRS"];
  const mine = egress === undefined ? "YOUR_ADDRESS/32" : `${egress}/${egress.includes(":") ? 128 : 32}`;
  const look: Fix = {
    audience: "you",
    description:
      "See which address you come from; inside the company's network or VPN it may be an allowed one.",
    actions: [run("curl", "", {}, "https://checkip.amazonaws.com")],
  };
  const add: Fix = {
    audience: "cluster-admin",
    description: "Add the address; the list given replaces the one there is.",
    actions: [
      aws("eks update-cluster-config", {
        name: cluster,
        region,
        "resources-vpc-config": structure({ publicAccessCidrs: [...cidrs, mine] }),
      }),
    ],
  };
  return egress === undefined ? [look, add] : [add];
}
