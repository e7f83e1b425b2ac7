import { aws, run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Conclusion, defineRule, doesNotApply, found } from "../../check/rule.ts";
import { ownAddresses } from "../../derive/network/own-network.ts";
import { type Admission, admissionOf, isSeenAsItIs, missingRoute } from "../../derive/network/vpc.ts";
import { isPrivateAddress } from "../../evidence/ip-address.ts";
import { forClusterAdmin } from "../../fixes/fix.ts";
import { suspectedFailure } from "../shared/suspected.ts";

/**
 * The name resolves to a private address although public access is on, so the caller is in the cluster's network or close to it,
 * and still nothing answers: a security group does not allow it.
 */
export const networkSecurityGroupClosed = defineRule({
  cause: {
    id: "N4",
    what: "The cluster's security group does not allow port 443 from this network.",
    seen: "timeout from a peered network",
    remedy: "Cluster admin: allow port 443 from the callers' network in the security group.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html",
  },
  expects: "the cluster's security group allows port 443 from this network",
  needs: ["connection"],
  check({ connection: { timeout, addresses } }, seen) {
    if (timeout === undefined) return doesNotApply("the connection does not time out");
    const {
      endpointPublicAccess,
      endpointPrivateAccess,
      clusterSecurityGroupId: group = "SECURITY_GROUP",
    } = seen.cluster?.resourcesVpcConfig ?? {};
    const isPrivate = addresses.length > 0 && addresses.every(isPrivateAddress);
    if (!isPrivate || (seen.cluster !== undefined && endpointPrivateAccess !== true))
      return doesNotApply("the endpoint is not called at private addresses");
    if (missingRoute(seen.evidence) !== undefined)
      return doesNotApply("a route between this machine and the cluster's network is missing");
    const admission = admissionOf(seen.evidence);
    if (admission === "this machine") return doesNotApply("the security groups allow port 443 from here");
    const from = ownAddresses(seen.evidence) ?? [];
    const ofIpv4 = from.filter((address) => !address.includes(":"));
    return found({
      ...confidenceOf(admission, {
        isPublic: endpointPublicAccess === true,
        isSeenAsItIs: () => isSeenAsItIs(seen.evidence),
      }),
      explains: admission === undefined ? [] : ["N2"],
      describe: ({ target: { cluster, region } }) => ({
        summary: `Security group ${group} does not allow port 443 from here to the API server of ${cluster} (${addresses.join(", ")}).`,
        evidence: [
          timeout,
          `The name resolves to ${addresses.join(", ")}, as it does inside the cluster's network.`,
          admission !== undefined &&
            `Its security groups do not allow port 443 from ${from.join(", ") || "another network"}${admission === "members" ? ", only from their own members" : ""}.`,
          endpointPrivateAccess !== undefined &&
            `resourcesVpcConfig has endpointPublicAccess ${endpointPublicAccess}, endpointPrivateAccess true, clusterSecurityGroupId ${group}.`,
        ],
        falsifiedBy: sentence`${aws("ec2 describe-security-group-rules", { filters: `Name=group-id,Values=${group}` })} shows that 443 is allowed from this network, so a route is missing (N2).`,
        fixes: [
          forClusterAdmin(
            "Allow port 443 from the callers' network.",
            aws("ec2 authorize-security-group-ingress", {
              region,
              "group-id": group,
              protocol: "tcp",
              port: "443",
              cidr: ofIpv4.length === 1 ? `${ofIpv4[0]}/32` : "YOUR_NETWORK/CIDR",
            }),
          ),
        ],
      }),
    });
  },
  suspected: {
    unreachable: suspectedFailure(
      ["N4"],
      ({ timeout }) => timeout !== undefined,
      () => ({
        summary: "A security group or firewall does not allow port 443 from this network to the API server.",
        audience: "cluster-admin",
        confirmedBy: sentence`${run("nc", "-vz", {}, "ENDPOINT", "443")} also times out from another machine in this network.`,
      }),
    ),
  },
});

/**
 * With a NAT or VPN, the cluster may see an address other than this machine's own. If the groups are not known, only an endpoint
 * that is also public shows, by its private address, that this machine is inside.
 */
function confidenceOf(
  admission: Admission | undefined,
  { isPublic, isSeenAsItIs: isSeen }: { readonly isPublic: boolean; readonly isSeenAsItIs: () => boolean },
): Pick<Conclusion, "confidence" | "inferred"> {
  if (admission === "others" && isSeen()) return { confidence: "certain" };
  if (admission !== undefined) return { confidence: "likely" };
  return isPublic ? { confidence: "likely" } : { confidence: "possible", inferred: true };
}
