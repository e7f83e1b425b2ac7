import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { doesNotApply, found, passed } from "../../check/verdict.ts";
import type { Connection } from "../../derive/network/connection.ts";
import { type ClusterJson, type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { isLoopbackHost, isPrivateAddress } from "../../evidence/ip-address.ts";
import { aws } from "../../fixes/aws.ts";
import { type Fix, forClusterAdmin, forYou } from "../../fixes/fix.ts";

/** The endpoint is the right one, and the resolver in use does not know it, or gives an old public answer. */
export const networkPrivateDns = defineRule({
  causes: ["N5"],
  expects: "the resolver in use knows the cluster's endpoint",
  needs: ["connection", "cluster"],
  reads: ["endpoints", "vpcAttributes"],
  check({ connection, cluster }, seen) {
    const fault = connection.unknownName ?? publicAnswer(connection, cluster);
    if (fault === undefined) return passed;
    const { endpoints } = seen;
    if (endpoints?.isSame !== true)
      return doesNotApply("the kubeconfig does not call the endpoint that EKS describes");
    if (!["ACTIVE", "UPDATING", undefined].includes(cluster.status))
      return doesNotApply("the cluster is not ready");
    const { endpoint, endpointHost: host } = endpoints;
    const off = attributesOff(seen.evidence);
    const answer =
      connection.unknownName === undefined ? "gives a public address for it" : "does not know it";
    return found({
      confidence: (off ?? []).length > 0 ? "certain" : "likely",
      describe: ({ target }) => ({
        summary: `${host} is the endpoint of ${cluster.name} today, but the resolver of this machine ${answer}.`,
        evidence: [
          fault,
          `DescribeCluster says the same endpoint as the kubeconfig, ${endpoint}.`,
          isPrivateOnly(cluster) && "resourcesVpcConfig.endpointPublicAccess is false.",
          ...(off ?? []).map((name) => `The VPC's attribute ${name} is off.`),
        ],
        falsifiedBy: sentence`Another resolver does not know it either: ${run("nslookup", "", {}, host, "1.1.1.1")}.`,
        fixes: fixes({ host, off, region: target.region, vpc: cluster.resourcesVpcConfig?.vpcId }),
      }),
    });
  },
});

function isPrivateOnly({ resourcesVpcConfig }: ClusterJson): boolean {
  return resourcesVpcConfig?.endpointPublicAccess === false;
}

/**
 * A private endpoint has private addresses everywhere; a public one is an old answer.
 * Source: doctor/EKS-ACCESS.md, "Cluster and network".
 */
function publicAnswer({ addresses, timeout, refused }: Connection, cluster: ClusterJson): string | undefined {
  const isPublic =
    addresses.length > 0 &&
    addresses.every((address) => !isPrivateAddress(address) && !isLoopbackHost(address));
  if (!isPublic || !isPrivateOnly(cluster) || (timeout ?? refused) === undefined) return undefined;
  return `The name resolves to ${addresses.join(", ")}, which is public.`;
}

/** Attributes without which the VPC's resolver does not know private endpoints; undefined: nobody looked. */
function attributesOff({ vpcAttributes }: Pick<DoctorEvidence, "vpcAttributes">): Attribute[] | undefined {
  const answers = knownValue(vpcAttributes);
  return answers && ATTRIBUTES.filter((name) => answers.some((answer) => answer[name]?.Value === false));
}

const ATTRIBUTES = ["EnableDnsSupport", "EnableDnsHostnames"] as const;
type Attribute = (typeof ATTRIBUTES)[number];

interface Place {
  readonly host: string;
  readonly region: string;
  readonly vpc: string | undefined;
  readonly off: readonly Attribute[] | undefined;
}

/** Which attribute is off may not be known; then both are set. */
function fixes({ host, region, vpc = "VPC", off }: Place): Fix[] {
  const toSet = off === undefined ? ATTRIBUTES : off;
  const set = toSet.map((name) =>
    aws("ec2 modify-vpc-attribute", {
      region,
      "vpc-id": vpc,
      [name === "EnableDnsSupport" ? "enable-dns-support" : "enable-dns-hostnames"]: JSON.stringify({
        Value: true,
      }),
    }),
  );
  const other = forYou(
    "Ask a public resolver; if it answers, the one in use (router, VPN, company) drops private answers: use another, or have the name allowed.",
    run("nslookup", "", {}, host),
    run("nslookup", "", {}, host, "1.1.1.1"),
  );
  const forward =
    "From outside through a VPN: forward eks.amazonaws.com to the VPC's resolver (its base address plus two).";
  if (set.length === 0) return [other, forClusterAdmin(forward)];
  const inside = forClusterAdmin(`Inside the VPC: switch its DNS on. ${forward}`, ...set);
  return off === undefined ? [other, inside] : [inside, other];
}
