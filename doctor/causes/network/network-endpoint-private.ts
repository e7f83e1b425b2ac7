import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { type Blackhole, isSeenAsItIs, type MissingRoute, missingRoute } from "../../derive/network/vpc.ts";
import { isPrivateAddress } from "../../evidence/ip-address.ts";
import { type Fix, forClusterAdmin, forYou, oneOf } from "../../fixes/fix.ts";
import { ownCidr } from "../../fixes/machine-fixes.ts";
import { suspectedFailure } from "../shared/suspected.ts";

/** The endpoint only answers inside the cluster's network, and the caller is not in it. */
export const networkEndpointPrivate = defineRule({
  cause: {
    id: "N2",
    what: "The endpoint has only private addresses, and this machine is not in their network.",
    seen: "i/o timeout to a private address",
    remedy:
      "Connect to the cluster's network (VPN, bastion). Or, as cluster admin, enable the public endpoint.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
  },
  expects: "a private endpoint is reached from the cluster's network",
  needs: ["connection"],
  check({ connection: { timeout, addresses } }, seen) {
    if (timeout === undefined) return doesNotApply("the connection does not time out");
    if (seen.symptom?.kind === "aws-refused") return doesNotApply("AWS rejected the call");
    if (!addresses.every(isPrivateAddress)) return doesNotApply("the endpoint has public addresses");
    const isPublic = seen.cluster?.resourcesVpcConfig?.endpointPublicAccess;
    if (isPublic === true) return doesNotApply("the endpoint is public");
    if (addresses.length === 0 && isPublic === undefined)
      return doesNotApply("the endpoint is not known to be private");
    if (seen.endpoints?.isSame === false)
      return doesNotApply("the kubeconfig does not point to the endpoint that EKS reports");
    // "No route" can only mean this; a missing answer may also be due to a security group.
    const isUnreachable = addresses.length > 0 && seen.ownNetwork?.tcp === "unreachable";
    const route = isUnreachable || seen.isOtherPrincipal ? undefined : missingRoute(seen.evidence);
    // With a NAT or VPN, no route to this machine's own address may be needed.
    const isCut = route !== undefined && isSeenAsItIs(seen.evidence);
    return found({
      confidence: (isUnreachable || isCut) && isPublic === false ? "certain" : "likely",
      describe: (facts) => describe(facts, timeout, { addresses: addresses.join(", "), route }),
    });
  },
  suspected: {
    unreachable: suspectedFailure(
      ["N2"],
      ({ timeout, addresses }) =>
        timeout !== undefined && (addresses.length === 0 || addresses.some(isPrivateAddress)),
      ({ target, connection }) => ({
        summary:
          "The API server has only private addresses, but this machine is not connected to its network (VPN, peering).",
        hints: connection?.addresses.length === 0 ? [] : ["The address is private and does not respond."],
        audience: "you",
        confirmedBy: sentence`${aws("eks describe-cluster", { name: target.cluster, region: target.region })} returns endpointPublicAccess false.`,
      }),
    ),
  },
});

interface Way {
  /** Addresses of the endpoint, as one string. */
  readonly addresses: string;
  readonly route: MissingRoute | undefined;
}

function describe({ cluster, target, evidence }: Facts, timeout: string, { addresses, route }: Way) {
  const { cluster: name, region } = target;
  const openEndpoint = `endpointPublicAccess=true,endpointPrivateAccess=true,publicAccessCidrs=${ownCidr(evidence)}`;
  return {
    summary: `The API server of ${name} has only private addresses${addresses === "" ? "" : ` (${addresses})`}, which this machine cannot reach.`,
    evidence: [
      timeout,
      cluster?.resourcesVpcConfig?.endpointPublicAccess === false &&
        "resourcesVpcConfig.endpointPublicAccess is false.",
      route?.shown,
      addresses !== "" && `Its name resolves to ${addresses} (private).`,
    ],
    falsifiedBy:
      "A host in the cluster's VPC or on the VPN cannot connect to port 443 either, so the security group is the cause (N4).",
    fixes: oneOf(
      ...(route?.blackhole ? [replaceRoute(target, route.blackhole)] : []),
      forYou("Connect to the cluster's network (VPN, Direct Connect, a bastion, SSM), then try again."),
      forClusterAdmin(
        "Or enable the public endpoint as well, for the callers' addresses.",
        aws("eks update-cluster-config", { name, region, "resources-vpc-config": openEndpoint }),
        aws("eks wait cluster-active", { name, region }),
      ),
    ),
  };
}

function replaceRoute({ region }: Facts["target"], { routeTable, destination, through }: Blackhole): Fix {
  const description = "Point the route to an existing gateway, peering connection, attachment or interface.";
  if (through === undefined) return forClusterAdmin(description);
  return forClusterAdmin(
    description,
    aws("ec2 replace-route", {
      region,
      "route-table-id": routeTable ?? "ROUTE_TABLE",
      "destination-cidr-block": destination,
      [through]: through.replace("-id", "").replaceAll("-", "_").toUpperCase(),
    }),
  );
}
