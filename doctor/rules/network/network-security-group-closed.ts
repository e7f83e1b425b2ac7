import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { isPrivateAddress } from "../../evidence/ip-address.ts";
import { aws } from "../../fixes/aws.ts";

/**
 * The name resolves inside the cluster's network (public access is on, and yet the answer is private), so the caller is in
 * it or close, and still nothing answers: a security group does not let it in.
 */
export const networkSecurityGroupClosed = defineLegacyRule({
  code: "network-security-group-closed",
  stage: "network",
  causes: ["N4"],
  expects: "the cluster's security group lets in port 443 from this network",
  needs: ["connection", "cluster"],
  judge(facts) {
    const { connection, cluster } = facts;
    const { endpointPublicAccess, endpointPrivateAccess, clusterSecurityGroupId } =
      cluster.resourcesVpcConfig ?? {};
    const { timeout, addresses } = connection;
    const isInside = addresses.length > 0 && addresses.every(isPrivateAddress);
    if (timeout === undefined || !isInside || endpointPrivateAccess !== true) return [];
    const { region, cluster: name } = commandTarget(facts);
    const group = clusterSecurityGroupId ?? "SECURITY_GROUP";
    return [
      {
        cause: "N4",
        stage: "network",
        severity: "error",
        confidence: endpointPublicAccess === true ? "likely" : "possible",
        summary: `The API server of ${name} is silent at its private addresses (${addresses.join(", ")}): security group ${group} does not let in port 443 from here.`,
        evidence: [
          timeout,
          `The name resolves to ${addresses.join(", ")}, as it does inside the cluster's network.`,
          `resourcesVpcConfig has endpointPublicAccess ${endpointPublicAccess}, endpointPrivateAccess true, clusterSecurityGroupId ${group}.`,
        ],
        falsifiedBy: sentence`${aws("ec2 describe-security-group-rules", { filters: `Name=group-id,Values=${group}` })} shows 443 from this network; then a route is missing (N2).`,
        fixes: [
          {
            audience: "cluster-admin",
            description: "Let in port 443 from the network the callers are in.",
            actions: [
              aws("ec2 authorize-security-group-ingress", {
                region,
                "group-id": group,
                protocol: "tcp",
                port: "443",
                cidr: "YOUR_NETWORK/CIDR",
              }),
            ],
          },
        ],
        ...(endpointPublicAccess === true ? {} : { inferred: true }),
      },
    ];
  },
});
