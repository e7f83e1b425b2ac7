import { aws, run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { workloadOf } from "../../derive/identity/workload.ts";
import { addressOf } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import type { Connection } from "../../derive/network/connection.ts";
import { isInVpc } from "../../derive/network/vpc.ts";
import { type ClusterJson, type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { isLoopbackHost, isPrivateAddress } from "../../evidence/ip-address.ts";
import { type Fix, forClusterAdmin, forYou, oneOf } from "../../fixes/fix.ts";
import { suspectedFailure } from "../shared/suspected.ts";

/**
 * The endpoint is right, but the resolver in use cannot resolve it, returns a public address where a private one is needed, or is
 * the VPC's own and disabled.
 */
export const networkPrivateDns = defineRule({
  cause: {
    id: "N5",
    what: "DNS does not return a private address for the endpoint in this network.",
    seen: "no such host, or a public address, inside the VPC",
    remedy: "Use a DNS server that returns private addresses. Or, as cluster admin, enable DNS in the VPC.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
  },
  expects: "the DNS resolver in use can resolve the cluster's endpoint",
  needs: ["connection", "cluster"],
  check({ connection, cluster }, seen) {
    const fault = faultIn(connection, cluster, seen);
    if (fault === undefined) return passed;
    const host = addressOf(cluster.endpoint)?.host;
    if (host === undefined || !isCalled(host, seen))
      return doesNotApply("the kubeconfig does not point to the endpoint that EKS reports");
    if (!["ACTIVE", "UPDATING", undefined].includes(cluster.status))
      return doesNotApply("the cluster is not ready");
    const off = attributesOff(seen.evidence, cluster);
    const isExplained = off?.some((name) => fault.explainedBy.includes(name)) === true;
    if (fault.isSilence && !isExplained) return off === undefined ? cannotTell("vpcAttributes") : passed;
    const isGuess = fault.isGuess || (fault.isSilence && !mayBeInVpc(seen));
    return found({
      ...(isGuess
        ? { confidence: "possible", inferred: true }
        : { confidence: isExplained && isHere(seen) === true ? "certain" : "likely" }),
      explains: isGuess ? [] : ["N3"],
      describe: ({ target }) => ({
        summary: `${host} is the current endpoint of ${cluster.name}, but this machine's DNS resolver ${fault.answer}.`,
        evidence: [
          fault.shown,
          seen.endpoints?.isSame === true &&
            `DescribeCluster reports the same endpoint as the kubeconfig, ${cluster.endpoint}.`,
          isPrivateOnly(cluster) && "resourcesVpcConfig.endpointPublicAccess is false.",
          ...(off ?? []).map((name) => `VPC attribute ${name} is disabled.`),
        ],
        falsifiedBy: sentence`Another DNS resolver cannot resolve it either: ${run("nslookup", "", {}, host, "1.1.1.1")}.`,
        fixes: fixes({ host, off, region: target.region, vpc: cluster.resourcesVpcConfig?.vpcId }),
      }),
    });
  },
  suspected: {
    unreachable: [
      {
        causes: ["N5"],
        suspicion: ({ connection, cluster, target }) => {
          const silence = connection?.silentResolver;
          if (silence === undefined) return undefined;
          const vpc = cluster?.resourcesVpcConfig?.vpcId ?? "VPC";
          return {
            summary:
              "This machine's DNS resolver does not respond: the network is down, a VPN replaced it, or DNS is disabled in the VPC.",
            hints: [silence],
            audience: "cluster-admin",
            confirmedBy: sentence`${aws("ec2 describe-vpc-attribute", { region: target.region, "vpc-id": vpc, attribute: "enableDnsSupport" })} shows whether the VPC's own resolver is enabled.`,
          };
        },
      },
      suspectedFailure(
        ["N5"],
        ({ unknownName }) => unknownName !== undefined,
        ({ target }) => ({
          summary:
            "The endpoint is private, but this network's DNS cannot resolve it: the VPN is off, or the resolver does not query the VPC.",
          hints: ["DNS cannot resolve the hostname."],
          audience: "you",
          confirmedBy: sentence`${aws("eks describe-cluster", { name: target.cluster, region: target.region })} returns this endpoint, with endpointPublicAccess false.`,
        }),
      ),
    ],
  },
});

/** Whether this host is the one that was called. For another user, their error shows it. */
function isCalled(host: string, seen: Facts): boolean {
  if (seen.isOtherPrincipal) return seen.pastedError?.toLowerCase().includes(host) === true;
  return seen.endpoints?.isSame ?? seen.ownNetwork?.host.toLowerCase() === host;
}

interface ResolverFault {
  readonly shown: string;
  /** The resolver's answer. */
  readonly answer: string;
  /** It may be down for another reason. */
  readonly isSilence: boolean;
  /** It is not known that this machine is in the VPC. */
  readonly isGuess: boolean;
  /** Attributes of the VPC that, if disabled, are the only possible reason on a machine inside it. */
  readonly explainedBy: readonly Attribute[];
}

function faultIn(connection: Connection, cluster: ClusterJson, seen: Facts): ResolverFault | undefined {
  const { unknownName, silentResolver } = connection;
  if (unknownName !== undefined)
    return { ...NO_ANSWER, shown: unknownName, answer: "cannot resolve it", isSilence: false };
  if (silentResolver !== undefined)
    return { ...NO_ANSWER, shown: silentResolver, answer: "does not respond", isSilence: true };
  return publicAnswer(connection, cluster, seen);
}

/** Without EnableDnsHostnames the VPC's resolver still answers. */
const NO_ANSWER = { isGuess: false, explainedBy: ["EnableDnsSupport"] } as const;

function isPrivateOnly({ resourcesVpcConfig }: ClusterJson): boolean {
  return resourcesVpcConfig?.endpointPublicAccess === false;
}

/**
 * A private endpoint has private addresses everywhere; one that is also public has them only inside the VPC. Source:
 * doctor/EKS-ACCESS.md, "Cluster and network".
 */
function publicAnswer(
  { addresses, timeout, refused }: Connection,
  cluster: ClusterJson,
  seen: Facts,
): ResolverFault | undefined {
  const isPublic =
    addresses.length > 0 &&
    addresses.every((address) => !isPrivateAddress(address) && !isLoopbackHost(address));
  if (!isPublic || (timeout ?? refused) === undefined) return undefined;
  const fault = { answer: "returns a public address for it", isSilence: false, explainedBy: ATTRIBUTES };
  const shown = `The name resolves to ${addresses.join(", ")} (public)`;
  if (isPrivateOnly(cluster)) return { ...fault, shown: `${shown}.`, isGuess: false };
  if (cluster.resourcesVpcConfig?.endpointPrivateAccess !== true) return undefined;
  if (isHere(seen) === true)
    return { ...fault, shown: `${shown}, but this machine is in the VPC.`, isGuess: false };
  // A pod or an instance is in some VPC; a laptop never is.
  return knownValue(seen.evidence.workload) === undefined
    ? undefined
    : { ...fault, shown: `${shown}, but this machine is in AWS.`, isGuess: true };
}

/** A pod or an instance is in some VPC; a laptop is not likely to use the VPC's resolver. */
function mayBeInVpc(seen: Facts): boolean {
  return isHere(seen) === true || workloadOf(seen.evidence) !== undefined;
}

/** Whether this machine is in the VPC; not known for another user's machine. */
function isHere({ isOtherPrincipal, evidence }: Facts): boolean | undefined {
  return isOtherPrincipal ? undefined : isInVpc(evidence);
}

/** Attributes that are disabled although the VPC's resolver needs them to resolve private endpoints; undefined: not checked. */
function attributesOff(
  { vpcAttributes }: Pick<DoctorEvidence, "vpcAttributes">,
  { resourcesVpcConfig: { vpcId } = {} }: ClusterJson,
): Attribute[] | undefined {
  const answers = knownValue(vpcAttributes)?.filter(
    ({ VpcId }) => VpcId === undefined || vpcId === undefined || VpcId === vpcId,
  );
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

/** If it is not known which attribute is disabled, both are set. */
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
    "Query a public DNS resolver. If it can resolve the name, the one in use (router, VPN, company) drops private addresses: use a different one, or have the name allowed.",
    run("nslookup", "", {}, host),
    run("nslookup", "", {}, host, "1.1.1.1"),
  );
  const forward =
    "From outside the VPC, forward eks.amazonaws.com to the VPC's resolver (base address plus two) over AWS Client VPN, or to a Route 53 Resolver inbound endpoint over another VPN or Direct Connect.";
  if (set.length === 0) return oneOf(other, forClusterAdmin(forward));
  const inside = forClusterAdmin(`Inside the VPC, enable its DNS. ${forward}`, ...set);
  return off === undefined ? oneOf(other, inside) : oneOf(inside, other);
}
