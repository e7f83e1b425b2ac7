import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, type Known } from "../../check/rule.ts";
import { doesNotApply, found, passed } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import type { EndpointComparison } from "../../derive/kubeconfig/api-endpoint.ts";
import { isLoopbackHost, isPrivateAddress } from "../../evidence/ip-address.ts";
import { aws } from "../../fixes/aws.ts";
import { type Fix, forClusterAdmin, forYou } from "../../fixes/fix.ts";
import { sentences } from "../shared/sentences.ts";

type Needed = Known<"connection" | "cluster">;

/** The endpoint is the right one, and the resolver in use does not know it, or gives an old public answer. */
export const networkPrivateDns = defineRule({
  causes: ["N5"],
  expects: "the resolver in use knows the cluster's endpoint",
  needs: ["connection", "cluster"],
  check(known, seen) {
    const fault = known.connection.unknownName ?? publicAnswer(known);
    if (fault === undefined) return passed;
    const { endpoints } = seen;
    if (endpoints?.isSame !== true)
      return doesNotApply("the kubeconfig does not call the endpoint that EKS describes");
    if (!["ACTIVE", "UPDATING", undefined].includes(known.cluster.status))
      return doesNotApply("the cluster is not ready");
    return found({ confidence: "likely", describe: (facts) => describe(facts, known, { endpoints, fault }) });
  },
});

function isPrivateOnly({ cluster }: Needed): boolean {
  return cluster.resourcesVpcConfig?.endpointPublicAccess === false;
}

/**
 * A private endpoint has private addresses everywhere; a public one is an old answer.
 * Source: doctor/EKS-ACCESS.md, "Cluster and network".
 */
function publicAnswer(known: Needed): string | undefined {
  const { addresses, timeout, refused } = known.connection;
  const isPublic =
    addresses.length > 0 &&
    addresses.every((address) => !isPrivateAddress(address) && !isLoopbackHost(address));
  if (!isPublic || !isPrivateOnly(known) || (timeout ?? refused) === undefined) return undefined;
  return `The name resolves to ${addresses.join(", ")}, which is public.`;
}

interface Shown {
  readonly endpoints: EndpointComparison;
  readonly fault: string;
}

function describe({ target }: Facts, known: Needed, { endpoints, fault }: Shown) {
  const { cluster, connection } = known;
  const { endpoint, endpointHost: host } = endpoints;
  const answer = connection.unknownName === undefined ? "gives a public address for it" : "does not know it";
  return {
    summary: `${host} is the endpoint of ${cluster.name} today, but the resolver of this machine ${answer}.`,
    evidence: sentences(
      fault,
      `DescribeCluster says the same endpoint as the kubeconfig, ${endpoint}.`,
      isPrivateOnly(known) && "resourcesVpcConfig.endpointPublicAccess is false.",
    ),
    falsifiedBy: sentence`Another resolver does not know it either: ${run("nslookup", "", {}, host, "1.1.1.1")}.`,
    fixes: fixes(host, target.region, cluster.resourcesVpcConfig?.vpcId),
  };
}

function fixes(host: string, region: string, vpc = "VPC"): Fix[] {
  const attribute = (name: string) =>
    aws("ec2 modify-vpc-attribute", { region, "vpc-id": vpc, [name]: JSON.stringify({ Value: true }) });
  return [
    forYou(
      "Ask a public resolver; if it answers, the one in use (router, VPN, company) drops private answers: use another, or have the name allowed.",
      run("nslookup", "", {}, host),
      run("nslookup", "", {}, host, "1.1.1.1"),
    ),
    forClusterAdmin(
      "Inside the VPC: switch its DNS on. From outside through a VPN: forward eks.amazonaws.com to the VPC's resolver (its base address plus two).",
      attribute("enable-dns-support"),
      attribute("enable-dns-hostnames"),
    ),
  ];
}
