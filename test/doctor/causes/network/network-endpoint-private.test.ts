import type { DoctorEvidence, RouteJson } from "../../../../doctor/evidence/evidence.ts";
import { ioTimeout, network, networkFault, noAnswer } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = networkFault("N2");

/** This machine has an address of 10.9.0.0/16, and the VPC has these routes. */
function routed(routes: readonly RouteJson[], changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return {
    ...FAULT,
    ...network({ addresses: ["10.0.3.4"], tcp: "timeout", localAddresses: ["10.9.1.2"] }),
    routeTables: {
      RouteTables: [
        {
          RouteTableId: "rtb-1",
          Routes: [{ DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local" }, ...routes],
        },
      ],
    },
    ...changes,
  };
}

const OPEN_ENDPOINT = [
  "aws eks update-cluster-config --name lab --region eu-west-1 --resources-vpc-config endpointPublicAccess=true,endpointPrivateAccess=true,publicAccessCidrs=YOUR_ADDRESS/32",
  "aws eks wait cluster-active --name lab --region eu-west-1",
];
const gone = (through: Partial<RouteJson>) => ({
  DestinationCidrBlock: "10.9.0.0/16",
  State: "blackhole",
  ...through,
});

testRule("network/network-endpoint-private", "N2", {
  certain: {
    "the route to a machine of AWS leads to what is gone": {
      on: routed([gone({ TransitGatewayId: "tgw-1" })], { workload: { kind: "instance" } }),
      evidence: [
        /i\/o timeout/,
        "resourcesVpcConfig.endpointPublicAccess is false.",
        "The route to 10.9.0.0/16, which contains 10.9.1.2, is a blackhole: its target no longer exists.",
        "Its name resolves to 10.0.3.4 (private).",
      ],
      commands: [
        "aws ec2 replace-route --region eu-west-1 --route-table-id rtb-1 --destination-cidr-block 10.9.0.0/16 --transit-gateway-id TRANSIT_GATEWAY",
        ...OPEN_ENDPOINT,
      ],
    },
    "no route leads to a machine of AWS, whose address no NAT changes": {
      on: routed([], { workload: { kind: "instance" } }),
      evidence: [
        /i\/o/,
        /^resources/,
        "No route table in the cluster's VPC has a route to 10.9.1.2.",
        /^Its name/,
      ],
      commands: OPEN_ENDPOINT,
    },
    "there is no route": { ...FAULT, ...network({ addresses: ["10.0.3.4"], tcp: "unreachable" }) },
  },
  likely: {
    "what the route led to is not known": {
      on: routed([gone({})]),
      commands: OPEN_ENDPOINT,
    },
    "there is a route, or there may be one": [
      routed([{ DestinationCidrBlock: "10.9.0.0/16", TransitGatewayId: "tgw-1", State: "active" }]),
      routed([{ DestinationCidrBlock: "0.0.0.0/0", TransitGatewayId: "tgw-1" }], {
        workload: { kind: "instance" },
      }),
    ],
    "names a private endpoint that is called from outside": {
      on: FAULT,
      summary:
        "The API server of lab has only private addresses (10.0.3.4, 10.0.7.9), which this machine cannot reach.",
      commands: [
        "aws eks update-cluster-config --name lab --region eu-west-1 --resources-vpc-config endpointPublicAccess=true,endpointPrivateAccess=true,publicAccessCidrs=YOUR_ADDRESS/32",
        "aws eks wait cluster-active --name lab --region eu-west-1",
      ],
    },
    "reads the address in the client's words when DescribeCluster is denied": noAnswer(
      ioTimeout("10.0.3.4"),
      { cluster: { failed: "AccessDeniedException" }, network: { failed: "not asked" } },
    ),
  },
  notApplicable: {
    "the address is public (N3)": networkFault("N3"),
    "public access is on, and the name resolves inside (N4)": networkFault("N4"),
  },
  unknown: {
    "it was the proxy that timed out": {
      on: noAnswer("Unable to connect to the server: proxyconnect tcp: dial tcp 10.9.9.9:3128: i/o timeout", {
        cluster: { failed: "denied" },
        network: { failed: "not asked" },
      }),
      missing: "network",
    },
  },
});
