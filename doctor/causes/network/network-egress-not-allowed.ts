import { aws, structure } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { isInRange, isLoopbackHost, isPrivateAddress } from "../../evidence/ip-address.ts";
import { type Fix, forClusterAdmin, forYou } from "../../fixes/fix.ts";
import { MY_ADDRESS, ownCidr } from "../../fixes/machine-fixes.ts";
import { suspectedFailure } from "../shared/suspected.ts";

/**
 * The public endpoint only allows certain addresses; others get no answer. Source: doctor/EKS-ACCESS.md, "Cluster and network".
 */
export const networkEgressNotAllowed = defineRule({
  cause: {
    id: "N3",
    what: "The public endpoint does not allow this machine's address.",
    seen: "i/o timeout to a public address",
    remedy: "Cluster admin: add your address to the CIDRs that can reach the public endpoint.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
  },
  expects: "the public endpoint allows this machine's address",
  needs: ["connection"],
  check({ connection: { timeout, addresses } }, seen) {
    if (timeout === undefined) return doesNotApply("the connection does not time out");
    if (addresses.some((address) => isPrivateAddress(address) || isLoopbackHost(address)))
      return doesNotApply("the endpoint has private addresses");
    const { endpointPublicAccess, publicAccessCidrs: cidrs } = seen.cluster?.resourcesVpcConfig ?? {};
    if (endpointPublicAccess === false) return doesNotApply("the endpoint is not public");
    if (cidrs === undefined && addresses.length === 0)
      return doesNotApply("the addresses of the endpoint are not known");
    const egress = seen.ownNetwork?.egressAddress;
    if (cidrs !== undefined && isAllowed(cidrs, egress)) return passed;
    return found({
      ...(cidrs === undefined
        ? { confidence: "possible", inferred: true }
        : { confidence: egress === undefined || addresses.length === 0 ? "likely" : "certain" }),
      describe: (facts) => describe(facts, timeout),
    });
  },
  suspected: {
    unreachable: suspectedFailure(
      ["N3"],
      ({ timeout, addresses }) => timeout !== undefined && !addresses.some(isPrivateAddress),
      ({ target, connection }) => ({
        summary: "The public endpoint does not allow this machine's address: it is not in publicAccessCidrs.",
        hints: connection?.addresses.length === 0 ? [] : ["The address is public and does not respond."],
        audience: "cluster-admin",
        confirmedBy: sentence`${aws("eks describe-cluster", { name: target.cluster, region: target.region })} returns publicAccessCidrs without this address.`,
      }),
    ),
  },
});

function isAllowed(cidrs: readonly string[], egress: string | undefined): boolean {
  return cidrs.some((cidr) => cidr.endsWith("/0") || (egress !== undefined && isInRange(egress, cidr)));
}

function describe({ cluster, target, evidence, ownNetwork }: Facts, timeout: string) {
  const cidrs = cluster?.resourcesVpcConfig?.publicAccessCidrs;
  const egress = ownNetwork?.egressAddress;
  return {
    summary: `The public endpoint of ${target.cluster} allows ${cidrs?.join(", ") ?? "only certain addresses"}, but not ${egress ?? "this machine's address"}.`,
    evidence: [
      timeout,
      cidrs === undefined
        ? "The endpoint has a public address; the addresses that it allows are not known."
        : `resourcesVpcConfig.publicAccessCidrs is ${cidrs.join(", ")}.`,
      egress !== undefined && `The public address of this machine is ${egress}.`,
    ],
    falsifiedBy: sentence`${MY_ADDRESS} on this machine returns an address in that list.`,
    fixes: fixes(target, { cidrs, mine: ownCidr(evidence), isKnown: egress !== undefined }),
  };
}

interface Addresses {
  /** The address ranges that the endpoint allows, if known. */
  readonly cidrs: readonly string[] | undefined;
  readonly mine: string;
  readonly isKnown: boolean;
}

function fixes({ cluster: name, region }: Facts["target"], { cidrs, mine, isKnown }: Addresses): Fix[] {
  const query = "cluster.resourcesVpcConfig.publicAccessCidrs";
  const look = forYou(
    "Check this machine's public address; on the company's network or VPN, it might be an allowed one.",
    MY_ADDRESS,
  );
  const add = forClusterAdmin(
    "Add the address; the new list replaces the existing one.",
    ...(cidrs === undefined ? [aws("eks describe-cluster", { name, region, query })] : []),
    aws("eks update-cluster-config", {
      name,
      region,
      "resources-vpc-config": structure({ publicAccessCidrs: [...(cidrs ?? ["EXISTING_CIDRS"]), mine] }),
    }),
  );
  return isKnown ? [add] : [look, add];
}
