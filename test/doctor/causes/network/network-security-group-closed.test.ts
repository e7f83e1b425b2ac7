import type { DoctorEvidence, SecurityGroupJson } from "../../../../doctor/evidence/evidence.ts";
import { without } from "../../support/bundle.ts";
import { cluster, network, networkFault, PRIVATE } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = networkFault("N4");

const OWN_GROUP = "sg-0123456789abcdef0";

/** The endpoint is silent towards this machine; its groups let these in on port 443. */
function inFront(
  rules: SecurityGroupJson["IpPermissions"],
  localAddresses: readonly string[],
  changes: Partial<DoctorEvidence> = {},
): DoctorEvidence {
  return {
    ...networkFault("N2"),
    ...cluster({ resourcesVpcConfig: { ...PRIVATE, securityGroupIds: [] } }),
    ...network({ addresses: ["10.0.3.4"], tcp: "timeout", localAddresses: [...localAddresses] }),
    securityGroups: { SecurityGroups: [{ GroupId: OWN_GROUP, IpPermissions: rules }] },
    routeTables: {
      RouteTables: [
        {
          Routes: [
            { DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local" },
            { DestinationCidrBlock: "10.9.0.0/16", VpcPeeringConnectionId: "pcx-1" },
          ],
        },
      ],
    },
    ...changes,
  };
}

const FROM_VPC = { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "10.0.0.0/24" }] };
const FROM_GROUP = { IpProtocol: "-1", UserIdGroupPairs: [{ GroupId: OWN_GROUP }] };
const allow = (cidr: string) =>
  `aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id ${OWN_GROUP} --protocol tcp --port 443 --cidr ${cidr}`;

testRule("network/network-security-group-closed", "N4", {
  certain: {
    "the groups do not let in a machine of the VPC, or of a peered one": {
      on: [
        inFront([FROM_VPC], ["10.0.9.9"]),
        inFront([FROM_VPC], ["10.9.1.2"], { workload: { kind: "instance" } }),
      ],
      explains: ["N2"],
    },
    "allows the one address that this machine has": {
      on: inFront([FROM_VPC], ["127.0.0.1", "10.0.9.9/24", "fd00::1"]),
      evidence: [
        /i\/o timeout/,
        /^The name resolves to 10.0.3.4/,
        "Its security groups do not allow port 443 from 10.0.9.9, fd00::1.",
        /^resourcesVpcConfig has endpointPublicAccess false/,
      ],
      commands: allow("10.0.9.9/32"),
    },
  },
  likely: {
    "a NAT or VPN may show the cluster another address": inFront([FROM_VPC], ["10.9.1.2"]),
    "only members of the group get in, and this machine may be one": {
      on: inFront([FROM_GROUP, FROM_VPC], ["10.0.9.9"]),
      evidence: [
        /i\/o/,
        /^The name/,
        /from 10\.0\.9\.9, only from their own members\.$/,
        /^resourcesVpcConfig/,
      ],
    },
    "names the group that keeps silent towards somebody inside": {
      on: FAULT,
      commands:
        "aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-0123456789abcdef0 --protocol tcp --port 443 --cidr YOUR_NETWORK/CIDR",
    },
  },
  possible: {
    "a group is not known, or a rule is left out, or a list of networks may have this machine": {
      on: [
        inFront([FROM_VPC], ["10.0.9.9"], { securityGroups: { SecurityGroups: [] } }),
        inFront([FROM_VPC], ["10.0.9.9"], { excerpts: ["securityGroups"] }),
        inFront([{ ...FROM_VPC, PrefixListIds: [{ PrefixListId: "pl-1" }] }], ["10.0.9.9"]),
      ],
      inferred: true,
    },
    "EKS was not asked": { on: without(networkFault("N4"), "cluster"), inferred: true },
  },
  notApplicable: {
    "the groups let this machine in": inFront([FROM_VPC], ["10.0.0.9"]),
    "there is no route (N2)": inFront([FROM_VPC], ["10.200.0.1"]),
    "the address is public (N3)": networkFault("N3"),
  },
});
