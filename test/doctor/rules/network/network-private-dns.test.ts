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

const SILENT = noAnswer(
  `Unable to connect to the server: dial tcp: lookup ${HOST}: Temporary failure in name resolution`,
  network({ dnsError: "EAI_AGAIN" }),
);
const publicAnswer = (changes: object) =>
  noAnswer(ioTimeout("203.0.113.10"), {
    ...cluster({ resourcesVpcConfig: { ...PRIVATE, endpointPublicAccess: true } }),
    ...network({ addresses: ["203.0.113.10"], tcp: "timeout", ...changes }),
  });
const PUBLIC_ANSWER = publicAnswer({ localAddresses: ["10.0.3.4"] });
const routeTables = (GatewayId: string) => ({
  RouteTables: [{ Routes: [{ DestinationCidrBlock: "10.0.0.0/16", GatewayId, State: "active" }] }],
});

testRule("network/network-private-dns", "N5", {
  certain: {
    "names the attribute of the VPC that is off, and sets that alone": {
      on: { ...SILENT, vpcAttributes: [{ EnableDnsSupport: { Value: false } }] },
      commands: [
        "aws ec2 modify-vpc-attribute --region eu-west-1 --vpc-id vpc-0123456789abcdef0 --enable-dns-support '{\"Value\":true}'",
        `nslookup ${HOST.toLowerCase()}`,
        `nslookup ${HOST.toLowerCase()} 1.1.1.1`,
      ],
    },
  },
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
    "names a public answer inside the VPC, where the private one is needed": {
      ...PUBLIC_ANSWER,
      routeTables: routeTables("local"),
    },
    "names a public answer for a private endpoint": noAnswer(ioTimeout("203.0.113.10"), {
      ...cluster({ resourcesVpcConfig: PRIVATE }),
      ...network({ addresses: ["203.0.113.10"], tcp: "timeout" }),
    }),
  },
  possible: {
    "a machine of AWS gets a public answer, and whose VPC it is in is not known": {
      on: { ...publicAnswer({}), workload: { kind: "instance" } },
      inferred: true,
    },
  },
  passed: {
    "the private address is silent (N2)": networkFault("N2"),
    "the resolver gives no answer at all, and the VPC's is on": {
      ...SILENT,
      vpcAttributes: [{ EnableDnsSupport: { Value: true } }, { EnableDnsHostnames: { Value: true } }],
    },
  },
  notApplicable: {
    "the endpoint is an old one (N1)": networkFault("N1"),
    "the cluster is not ready (N10)": networkFault("N10"),
  },
  unknown: {
    "whether this machine is in the VPC is not known": {
      on: PUBLIC_ANSWER,
      missing: ["routeTables", "workload"],
    },
    "a public answer for a public endpoint, on who knows what machine": {
      on: publicAnswer({}),
      missing: "workload",
    },
    "the resolver gives no answer at all": { on: SILENT, missing: "vpcAttributes" },
    "cannot tell without the cluster": { on: without(FAULT, "cluster"), missing: "cluster" },
    "a name elsewhere is unknown": {
      on: noAnswer(noSuchHost("charts.example.com"), { network: { failed: "not asked" } }),
      missing: "network",
    },
  },
});
