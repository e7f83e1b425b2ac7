import assert from "node:assert/strict";
import { networkEgressNotAllowed } from "../../../../doctor/rules/network/network-egress-not-allowed.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { cluster, FEW, ioTimeout, network, networkFault, noAnswer } from "../../support/network-faults.ts";

const FAULT = networkFault("N3");
const SILENT = { addresses: ["203.0.113.10"], tcp: "timeout" } as const;

describe("network-egress-not-allowed", () => {
  it("names an address that is not in the list, and adds it to the whole list", () => {
    assert.deepEqual(verdicts(networkEgressNotAllowed, FAULT), [
      {
        cause: "N3",
        stage: "network",
        severity: "error",
        confidence: "certain",
        commands: [
          "aws eks update-cluster-config --name lab --region eu-west-1 --resources-vpc-config publicAccessCidrs=198.51.100.0/24,192.0.2.7/32",
        ],
      },
    ]);
  });

  it("is likely when the address of this machine is not known", () => {
    const bundle = noAnswer(ioTimeout("203.0.113.10"), {
      ...cluster({ resourcesVpcConfig: FEW }),
      ...network(SILENT),
    });
    assert.deepEqual(verdicts(networkEgressNotAllowed, bundle), [
      {
        cause: "N3",
        stage: "network",
        severity: "error",
        confidence: "likely",
        commands: [
          "curl https://checkip.amazonaws.com",
          "aws eks update-cluster-config --name lab --region eu-west-1 --resources-vpc-config publicAccessCidrs=198.51.100.0/24,YOUR_ADDRESS/32",
        ],
      },
    ]);
  });

  it("says possible for a public address that is silent, and nothing more known", () => {
    const bundle = noAnswer(ioTimeout("203.0.113.10"), {
      cluster: { failed: "denied" },
      network: { failed: "not asked" },
    });
    assert.deepEqual(confidences(networkEgressNotAllowed, bundle), ["N3 possible"]);
  });

  const silent = {
    "everything works": healthyBundle(),
    "it works with a short list": healthyBundle(cluster({ resourcesVpcConfig: FEW })),
    "the list has everybody": noAnswer(ioTimeout("203.0.113.10"), network(SILENT)),
    "the own address is in the list": { ...FAULT, ...network({ ...SILENT, egressAddress: "198.51.100.9" }) },
    "the address is private (N2)": networkFault("N2"),
    "the connection is open": { ...FAULT, ...network({ addresses: ["203.0.113.10"], tcp: "open" }) },
  };
  for (const [when, bundle] of Object.entries(silent)) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(networkEgressNotAllowed, bundle), []);
    });
  }
});
