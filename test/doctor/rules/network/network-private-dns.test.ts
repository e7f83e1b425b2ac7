import assert from "node:assert/strict";
import { networkPrivateDns } from "../../../../doctor/rules/network/network-private-dns.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import { confidences, findingsOf, missingFor, verdicts } from "../../support/credential-case.ts";
import {
  cluster,
  HOST,
  ioTimeout,
  network,
  networkFault,
  noAnswer,
  noSuchHost,
  PRIVATE,
} from "../../support/network-faults.ts";

const FAULT = networkFault("N5");

describe("network-private-dns", () => {
  it("names a resolver that does not know today's endpoint", () => {
    const host = HOST.toLowerCase();
    assert.deepEqual(verdicts(networkPrivateDns, FAULT), [
      {
        cause: "N5",
        stage: "network",
        severity: "error",
        confidence: "likely",
        commands: [
          `nslookup ${host}`,
          `nslookup ${host} 1.1.1.1`,
          "aws ec2 modify-vpc-attribute --region eu-west-1 --vpc-id vpc-0123456789abcdef0 --enable-dns-support '{\"Value\":true}'",
          "aws ec2 modify-vpc-attribute --region eu-west-1 --vpc-id vpc-0123456789abcdef0 --enable-dns-hostnames '{\"Value\":true}'",
        ],
      },
    ]);
  });

  it("names a public answer for a private endpoint", () => {
    const bundle = noAnswer(ioTimeout("203.0.113.10"), {
      ...cluster({ resourcesVpcConfig: PRIVATE }),
      ...network({ addresses: ["203.0.113.10"], tcp: "timeout" }),
    });
    assert.deepEqual(confidences(networkPrivateDns, bundle), ["N5 likely"]);
  });

  it("cannot tell without the cluster", () => {
    assert.deepEqual(missingFor(networkPrivateDns, without(FAULT, "cluster")), ["cluster"]);
  });

  const silent = {
    "everything works": healthyBundle(),
    "the endpoint is an old one (N1)": networkFault("N1"),
    "the cluster is not ready (N10)": networkFault("N10"),
    "the private address is silent (N2)": networkFault("N2"),
    "the resolver gives no answer at all": noAnswer(
      `Unable to connect to the server: dial tcp: lookup ${HOST}: Temporary failure in name resolution`,
      network({ dnsError: "EAI_AGAIN" }),
    ),
    "a name elsewhere is unknown": noAnswer(noSuchHost("charts.example.com"), {
      network: { failed: "not asked" },
    }),
  };
  for (const [when, bundle] of Object.entries(silent)) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(networkPrivateDns, bundle), []);
    });
  }
});
