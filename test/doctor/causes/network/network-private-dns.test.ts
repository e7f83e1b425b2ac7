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

const OFF = { vpcAttributes: [{ EnableDnsSupport: { Value: false } }] };
const VpcId = "vpc-0123456789abcdef0";
const SILENT_INSIDE = {
  ...SILENT,
  ...network({ dnsError: "EAI_AGAIN", localAddresses: ["10.0.3.4"] }),
  routeTables: routeTables("local"),
};

testRule("network/network-private-dns", "N5", {
  certain: {
    "names the attribute of the VPC that is off, inside it, and sets that alone": {
      on: { ...SILENT_INSIDE, vpcAttributes: [{ VpcId, EnableDnsSupport: { Value: false } }] },
      evidence: [
        "The client reports “Temporary failure in name resolution”.",
        `DescribeCluster reports the same endpoint as the kubeconfig, https://${HOST}.`,
        "VPC attribute EnableDnsSupport is disabled.",
      ],
      commands: [
        "aws ec2 modify-vpc-attribute --region eu-west-1 --vpc-id vpc-0123456789abcdef0 --enable-dns-support '{\"Value\":true}'",
        `nslookup ${HOST.toLowerCase()}`,
        `nslookup ${HOST.toLowerCase()} 1.1.1.1`,
      ],
    },
    "inside the VPC a public answer, and private names are off": {
      ...PUBLIC_ANSWER,
      routeTables: routeTables("local"),
      vpcAttributes: [{ EnableDnsSupport: { Value: true } }, { EnableDnsHostnames: { Value: false } }],
    },
  },
  likely: {
    "a machine of AWS gets no answer, and the VPC's resolver is off": {
      ...SILENT,
      ...OFF,
      workload: { kind: "instance" },
    },
    "the name is unknown, and the attributes are on or off": [
      { ...FAULT, vpcAttributes: [{ EnableDnsSupport: { Value: true } }] },
      { ...FAULT, ...OFF },
    ],
    "inside the VPC the name is unknown, and only private names are off: the public name would still be known":
      {
        ...FAULT,
        ...network({ dnsError: "ENOTFOUND", localAddresses: ["10.0.3.4"] }),
        routeTables: routeTables("local"),
        vpcAttributes: [{ EnableDnsSupport: { Value: true } }, { EnableDnsHostnames: { Value: false } }],
      },
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
    "a machine that is in no VPC, as far as is known, gets no answer": {
      on: { ...SILENT, ...OFF },
      inferred: true,
      explains: [],
    },
    "a machine of AWS gets a public answer, and whose VPC it is in is not known": {
      on: { ...publicAnswer({}), workload: { kind: "instance" } },
      inferred: true,
    },
  },
  passed: {
    "the resolver gives no answer at all, and is off in another VPC": {
      ...SILENT,
      vpcAttributes: [{ VpcId: "vpc-other", EnableDnsSupport: { Value: false } }],
    },
    "the resolver gives no answer at all, and only private names are off": {
      ...SILENT_INSIDE,
      vpcAttributes: [{ EnableDnsHostnames: { Value: false } }],
    },
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
