import { without } from "../../support/bundle.ts";
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
import { testRule } from "../../support/test-rule.ts";

const FAULT = networkFault("N5");

testRule("network/network-private-dns", "N5", {
  likely: {
    "names a resolver that does not know today's endpoint": {
      on: FAULT,
      commands: [
        `nslookup ${HOST.toLowerCase()}`,
        `nslookup ${HOST.toLowerCase()} 1.1.1.1`,
        "aws ec2 modify-vpc-attribute --region eu-west-1 --vpc-id vpc-0123456789abcdef0 --enable-dns-support '{\"Value\":true}'",
        "aws ec2 modify-vpc-attribute --region eu-west-1 --vpc-id vpc-0123456789abcdef0 --enable-dns-hostnames '{\"Value\":true}'",
      ],
    },
    "names a public answer for a private endpoint": noAnswer(ioTimeout("203.0.113.10"), {
      ...cluster({ resourcesVpcConfig: PRIVATE }),
      ...network({ addresses: ["203.0.113.10"], tcp: "timeout" }),
    }),
  },
  passed: {
    "the private address is silent (N2)": networkFault("N2"),
    "the resolver gives no answer at all": noAnswer(
      `Unable to connect to the server: dial tcp: lookup ${HOST}: Temporary failure in name resolution`,
      network({ dnsError: "EAI_AGAIN" }),
    ),
  },
  notApplicable: {
    "the endpoint is an old one (N1)": networkFault("N1"),
    "the cluster is not ready (N10)": networkFault("N10"),
  },
  unknown: {
    "cannot tell without the cluster": { on: without(FAULT, "cluster"), missing: "cluster" },
    "a name elsewhere is unknown": {
      on: noAnswer(noSuchHost("charts.example.com"), { network: { failed: "not asked" } }),
      missing: "network",
    },
  },
});
