import { cluster, FEW, ioTimeout, network, networkFault, noAnswer } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = networkFault("N3");
const SILENT = { addresses: ["203.0.113.10"], tcp: "timeout" } as const;

testRule("network/network-egress-not-allowed", "N3", {
  certain: {
    "names an address that is not in the list, and adds it to the whole list": {
      on: FAULT,
      commands:
        "aws eks update-cluster-config --name lab --region eu-west-1 --resources-vpc-config publicAccessCidrs=198.51.100.0/24,192.0.2.7/32",
    },
  },
  likely: {
    "the address of this machine is not known": {
      on: noAnswer(ioTimeout("203.0.113.10"), {
        ...cluster({ resourcesVpcConfig: FEW }),
        ...network(SILENT),
      }),
      commands: [
        "curl https://checkip.amazonaws.com",
        "aws eks update-cluster-config --name lab --region eu-west-1 --resources-vpc-config publicAccessCidrs=198.51.100.0/24,YOUR_ADDRESS/32",
      ],
    },
  },
  possible: {
    "a public address is silent, and nothing more is known": noAnswer(ioTimeout("203.0.113.10"), {
      cluster: { failed: "denied" },
      network: { failed: "not asked" },
    }),
  },
  passed: {
    "the list has everybody": noAnswer(ioTimeout("203.0.113.10"), network(SILENT)),
    "the own address is in the list": { ...FAULT, ...network({ ...SILENT, egressAddress: "198.51.100.9" }) },
  },
  notApplicable: {
    "the address is private (N2)": networkFault("N2"),
    "the connection is open": { ...FAULT, ...network({ addresses: ["203.0.113.10"], tcp: "open" }) },
  },
});
