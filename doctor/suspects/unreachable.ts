import { aws } from "../../token/command/aws.ts";
import { sentence } from "../../token/command/sentence.ts";
import type { SuspectedCause } from "./suspected-cause.ts";

/**
 * Possible causes if a server cannot be reached, and EKS does not say what it should be. Source: doctor/EKS-ACCESS.md, "Reports".
 */
export const UNREACHABLE: readonly SuspectedCause[] = [
  {
    causes: ["N5"],
    suspicion: ({ connection, cluster, target }) => {
      const silence = connection?.silentResolver;
      if (silence === undefined) return undefined;
      const vpc = cluster?.resourcesVpcConfig?.vpcId ?? "VPC";
      return {
        hinted: true,
        summary:
          "The resolver of this machine does not answer: the network is down, a VPN took it over, or DNS is switched off in the VPC.",
        hints: [silence],
        audience: "cluster-admin",
        confirmedBy: sentence`${aws("ec2 describe-vpc-attribute", { region: target.region, "vpc-id": vpc, attribute: "enableDnsSupport" })} shows whether the VPC's own resolver is on.`,
      };
    },
  },
  {
    causes: ["N5", "N6", "N1"],
    suspicion: ({ clusterEntry, cluster, target }) => {
      if (clusterEntry === undefined || cluster !== undefined) return undefined;
      return {
        hinted: false,
        summary: `The kubeconfig belongs to an older cluster ${target.cluster}: its server or its certificate authority has changed since.`,
        hints: [`The kubeconfig calls ${clusterEntry.server}.`],
        audience: "cluster-admin",
        confirmedBy: sentence`${aws("eks describe-cluster", { name: target.cluster, region: target.region })} shows another endpoint or certificateAuthority.`,
      };
    },
  },
];
