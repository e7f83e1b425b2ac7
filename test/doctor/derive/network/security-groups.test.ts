import assert from "node:assert/strict";
import { admissionOf } from "../../../../doctor/derive/network/vpc.ts";
import type { DoctorEvidence, SecurityGroupJson } from "../../../../doctor/evidence/evidence.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { cluster, network } from "../../support/network-faults.ts";

type Rule = SecurityGroupJson["IpPermissions"][number];

const OWN = "sg-own";
const MORE = "sg-more";
const HTTPS = { IpProtocol: "tcp", FromPort: 443, ToPort: 443 };
const ranges = (...cidrs: readonly string[]) => ({ IpRanges: cidrs.map((CidrIp) => ({ CidrIp })) });

/** An endpoint of IPv4 in group `sg-own`, whose rules are these, and a machine with one address. */
function bundle(rules: readonly Rule[], changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return healthyBundle({
    ...cluster({ resourcesVpcConfig: { clusterSecurityGroupId: OWN, securityGroupIds: [] } }),
    ...network({ addresses: ["10.0.3.4"], localAddresses: ["10.9.1.2"] }),
    securityGroups: { SecurityGroups: [{ GroupId: OWN, IpPermissions: rules }] },
    ...changes,
  });
}

const UNKNOWN_ADDRESS = network({ addresses: ["10.0.3.4"] });
const IPV6 = network({ addresses: ["10.0.3.4", "2001:db8::4"], localAddresses: ["2001:db8:9::2"] });

describe("whom the cluster's security groups let in", () => {
  const CASES: Readonly<
    Record<string, readonly [expected: ReturnType<typeof admissionOf>, bundle: DoctorEvidence]>
  > = {
    "this machine, by a range that has its address": [
      "this machine",
      bundle([{ ...HTTPS, ...ranges("192.168.0.0/16", "10.9.0.0/16") }]),
    ],
    "this machine, by a range of one": ["this machine", bundle([{ ...HTTPS, ...ranges("10.9.1.2/32") }])],
    "others, by a range that does not have its address": [
      "others",
      bundle([{ ...HTTPS, ...ranges("10.9.1.3/32", "10.8.0.0/16") }]),
    ],
    "this machine, by 0.0.0.0/0, whatever its address": [
      "this machine",
      bundle([{ ...HTTPS, ...ranges("0.0.0.0/0") }], UNKNOWN_ADDRESS),
    ],
    "others, by ::/0, where the endpoint has no address of IPv6": [
      "others",
      bundle([{ ...HTTPS, Ipv6Ranges: [{ CidrIpv6: "::/0" }] }]),
    ],
    "this machine, by ::/0, where both have an address of IPv6": [
      "this machine",
      bundle([{ ...HTTPS, Ipv6Ranges: [{ CidrIpv6: "::/0" }] }], IPV6),
    ],
    "others, by ::/0, where the machine has none": [
      "others",
      bundle([{ ...HTTPS, Ipv6Ranges: [{ CidrIpv6: "::/0" }] }], {
        ...network({ addresses: ["2001:db8::4"], localAddresses: ["10.9.1.2"] }),
      }),
    ],
    "this machine, by a range of IPv6": [
      "this machine",
      bundle([{ ...HTTPS, Ipv6Ranges: [{ CidrIpv6: "2001:db8:9::/48" }] }], IPV6),
    ],
    "not known, where the machine's address is not": [
      undefined,
      bundle([{ ...HTTPS, ...ranges("10.9.0.0/16") }], UNKNOWN_ADDRESS),
    ],
    "others, where no rule has a range at all": ["others", bundle([HTTPS], UNKNOWN_ADDRESS)],
    "others, where there is no rule": ["others", bundle([])],
    "members, by the group itself": [
      "members",
      bundle([{ IpProtocol: "-1", UserIdGroupPairs: [{ GroupId: OWN }] }]),
    ],
    "not known, by another group, which this machine may be in": [
      undefined,
      bundle([{ ...HTTPS, UserIdGroupPairs: [{ GroupId: OWN }, { GroupId: "sg-bastion" }] }]),
    ],
    "not known, by a list of networks": [
      undefined,
      bundle([{ ...HTTPS, PrefixListIds: [{ PrefixListId: "pl-1" }] }]),
    ],
    "this machine, by all protocols": [
      "this machine",
      bundle([{ IpProtocol: "-1", ...ranges("10.9.0.0/16") }]),
    ],
    "this machine, by a range of ports that has 443": [
      "this machine",
      bundle([{ IpProtocol: "tcp", FromPort: 1, ToPort: 65_535, ...ranges("10.9.0.0/16") }]),
    ],
    "others, by other ports and other protocols": [
      "others",
      bundle([
        { IpProtocol: "tcp", FromPort: 80, ToPort: 442, ...ranges("10.9.0.0/16") },
        { IpProtocol: "tcp", FromPort: 444, ToPort: 444, ...ranges("10.9.0.0/16") },
        { IpProtocol: "udp", FromPort: 443, ToPort: 443, ...ranges("10.9.0.0/16") },
        { IpProtocol: "icmp", FromPort: -1, ToPort: -1, ...ranges("10.9.0.0/16") },
      ]),
    ],
    "this machine, by one rule of several": [
      "this machine",
      bundle([
        { ...HTTPS, PrefixListIds: [{ PrefixListId: "pl-1" }] },
        { ...HTTPS, ...ranges("10.9.0.0/16") },
      ]),
    ],
    "this machine, by an excerpt": [
      "this machine",
      bundle([{ ...HTTPS, ...ranges("10.9.0.0/16") }], { excerpts: ["securityGroups"] }),
    ],
    "not known, by an excerpt without it": [
      undefined,
      bundle([{ ...HTTPS, ...ranges("10.8.0.0/16") }], { excerpts: ["securityGroups"] }),
    ],
    "this machine, by another group of the endpoint": [
      "this machine",
      bundle([], {
        ...cluster({ resourcesVpcConfig: { clusterSecurityGroupId: OWN, securityGroupIds: [MORE] } }),
        securityGroups: {
          SecurityGroups: [
            { GroupId: OWN, IpPermissions: [] },
            { GroupId: MORE, IpPermissions: [{ ...HTTPS, ...ranges("10.9.0.0/16") }] },
          ],
        },
      }),
    ],
    "not known, where a group of the endpoint is not": [
      undefined,
      bundle([], cluster({ resourcesVpcConfig: { clusterSecurityGroupId: OWN, securityGroupIds: [MORE] } })),
    ],
    "not known, where EKS does not say which groups there are": [
      undefined,
      bundle([], cluster({ resourcesVpcConfig: { clusterSecurityGroupId: OWN } })),
    ],
    "others, whatever a group lets in that is not the endpoint's": [
      "others",
      bundle([], {
        securityGroups: {
          SecurityGroups: [
            { GroupId: OWN, IpPermissions: [] },
            { GroupId: "sg-web", IpPermissions: [{ ...HTTPS, ...ranges("0.0.0.0/0") }] },
          ],
        },
      }),
    ],
    "not known without the groups": [undefined, bundle([], { securityGroups: { failed: "denied" } })],
    "not known without the cluster": [undefined, bundle([], { cluster: { failed: "denied" } })],
  };
  for (const [what, [expected, evidence]] of Object.entries(CASES)) {
    it(`is ${what}`, () => assert.equal(admissionOf(evidence), expected));
  }
});
