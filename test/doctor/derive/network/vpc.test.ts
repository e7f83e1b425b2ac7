import assert from "node:assert/strict";
import { isInVpc, isSeenAsItIs, missingRoute } from "../../../../doctor/derive/network/vpc.ts";
import type { DoctorEvidence, RouteJson } from "../../../../doctor/evidence/evidence.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { network } from "../../support/network-faults.ts";

const VPC = "vpc-0123456789abcdef0";
const LOCAL = { DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local", State: "active" };
const WAY = { DestinationCidrBlock: "10.9.0.0/16", TransitGatewayId: "tgw-1", State: "active" };
const GONE = { ...WAY, State: "blackhole" };
const everywhere = (through: Partial<RouteJson>) => ({ DestinationCidrBlock: "0.0.0.0/0", ...through });

/** A machine with one address, and the route table of the cluster's VPC. */
function bundle(routes: readonly RouteJson[], changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return healthyBundle({
    ...network({ localAddresses: ["10.9.1.2"] }),
    routeTables: { RouteTables: [{ RouteTableId: "rtb-1", VpcId: VPC, Routes: [LOCAL, ...routes] }] },
    ...changes,
  });
}

function at(...localAddresses: readonly string[]): Partial<DoctorEvidence> {
  return network({ localAddresses });
}

describe("a route to this machine that is missing", () => {
  const NOT_THERE: Readonly<Record<string, DoctorEvidence>> = {
    "no table has one": bundle([]),
    "the default route leads to the internet": bundle([everywhere({ GatewayId: "igw-1" })]),
    "the default route leads to a NAT": bundle([everywhere({ NatGatewayId: "nat-1" })]),
    "the default route leads nowhere": bundle([
      everywhere({ TransitGatewayId: "tgw-1", State: "blackhole" }),
    ]),
    "a list of networks leads to a service of AWS": bundle([
      { DestinationPrefixListId: "pl-s3", GatewayId: "vpce-1" },
    ]),
    "only another VPC has one": bundle([], {
      routeTables: {
        RouteTables: [
          { VpcId: VPC, Routes: [LOCAL] },
          { VpcId: "vpc-other", Routes: [WAY] },
        ],
      },
    }),
  };
  for (const [what, evidence] of Object.entries(NOT_THERE)) {
    it(`is seen where ${what}`, () =>
      assert.deepEqual(missingRoute(evidence), {
        shown: "No route table in the cluster's VPC has a route to 10.9.1.2.",
        blackhole: undefined,
      }));
  }

  it("is a blackhole, by what it leads to, in an excerpt too, and whatever the default route does", () => {
    const expected = (through: string | undefined) => ({
      shown:
        "The route to 10.9.0.0/16, which contains 10.9.1.2, is a blackhole: its target no longer exists.",
      blackhole: { routeTable: "rtb-1", destination: "10.9.0.0/16", through },
    });
    assert.deepEqual(missingRoute(bundle([GONE])), expected("transit-gateway-id"));
    assert.deepEqual(
      missingRoute(bundle([GONE], { excerpts: ["routeTables"] })),
      expected("transit-gateway-id"),
    );
    assert.deepEqual(
      missingRoute(bundle([everywhere({ TransitGatewayId: "tgw-2" }), GONE])),
      expected("transit-gateway-id"),
    );
    const { TransitGatewayId: _, ...bare } = GONE;
    assert.deepEqual(
      missingRoute(bundle([{ ...bare, VpcPeeringConnectionId: "pcx-1" }])),
      expected("vpc-peering-connection-id"),
    );
    assert.deepEqual(missingRoute(bundle([{ ...bare, GatewayId: "vgw-1" }])), expected("gateway-id"));
    assert.deepEqual(missingRoute(bundle([{ ...bare, NatGatewayId: "nat-1" }])), expected("nat-gateway-id"));
    const firewall = { ...bare, InstanceId: "i-1", NetworkInterfaceId: "eni-1" };
    assert.deepEqual(missingRoute(bundle([firewall])), expected("network-interface-id"));
    assert.deepEqual(missingRoute(bundle([bare])), expected(undefined));
  });

  it("is a blackhole too where a wider route leads on, by the most specific route of a table", () => {
    const inner = { ...GONE, DestinationCidrBlock: "10.9.1.0/24" };
    assert.deepEqual(missingRoute(bundle([inner, WAY])), {
      shown:
        "The route to 10.9.1.0/24, which contains 10.9.1.2, is a blackhole: its target no longer exists.",
      blackhole: { routeTable: "rtb-1", destination: "10.9.1.0/24", through: "transit-gateway-id" },
    });
    assert.equal(missingRoute(bundle([{ ...WAY, DestinationCidrBlock: "10.9.1.0/24" }, GONE])), undefined);
  });

  it("names only the addresses in the network of the blackhole", () => {
    const { shown = "" } = missingRoute(bundle([GONE], at("172.17.0.1", "10.9.1.2"))) ?? {};
    assert.match(shown, /^The route to 10\.9\.0\.0\/16, which contains 10\.9\.1\.2, is/);
  });

  const THERE: Readonly<Record<string, DoctorEvidence>> = {
    "there is one": bundle([WAY]),
    "there is one without a state": bundle([
      { DestinationCidrBlock: "10.0.0.0/8", VpcPeeringConnectionId: "p" },
    ]),
    "there is one in one of two tables": bundle([GONE], {
      routeTables: { RouteTables: [{ Routes: [GONE] }, { Routes: [WAY] }] },
    }),
    "there is one to one of its addresses": bundle([WAY], at("192.168.1.7", "10.9.1.2")),
    "the machine is in the VPC": bundle([], at("10.0.5.5")),
    "the default route leads to a transit gateway": bundle([everywhere({ TransitGatewayId: "tgw-1" })]),
    "the default route leads to a VPN": bundle([everywhere({ GatewayId: "vgw-1" })]),
    "where the default route leads is not known": bundle([everywhere({})]),
    "a list of networks may have it": bundle([
      { DestinationPrefixListId: "pl-office", TransitGatewayId: "tgw-1" },
    ]),
    "routes are left out": bundle([], { excerpts: ["routeTables"] }),
    "the tables are another VPC's": bundle([], {
      routeTables: { RouteTables: [{ VpcId: "vpc-other", Routes: [LOCAL] }] },
    }),
    "there are no tables": bundle([], { routeTables: { RouteTables: [] } }),
    "the tables are not known": bundle([], { routeTables: { failed: "denied" } }),
    "the machine's addresses are not known": bundle([], network({})),
    "the machine has addresses of IPv6 alone": bundle([], at("2001:db8::1")),
  };
  for (const [what, evidence] of Object.entries(THERE)) {
    it(`is not seen where ${what}`, () => assert.equal(missingRoute(evidence), undefined));
  }
});

describe("isInVpc", () => {
  it("is known by the VPC's own networks", () => {
    assert.equal(isInVpc(bundle([], at("10.0.5.5"))), true);
    assert.equal(isInVpc(bundle([], at("192.168.1.7", "10.0.5.5/20"))), true);
    assert.equal(isInVpc(bundle([WAY])), false);
  });

  it("is not known without these, or without the machine's address", () => {
    assert.equal(isInVpc(bundle([], { routeTables: { RouteTables: [{ Routes: [WAY] }] } })), undefined);
    assert.equal(
      isInVpc(
        bundle([], {
          ...at("10.0.5.5"),
          routeTables: { RouteTables: [{ VpcId: "vpc-other", Routes: [LOCAL] }] },
        }),
      ),
      undefined,
    );
    assert.equal(isInVpc(bundle([], network({}))), undefined);
    assert.equal(isInVpc(bundle([], { routeTables: { failed: "denied" } })), undefined);
  });
});

describe("isSeenAsItIs", () => {
  it("is an instance, and what is in the VPC", () => {
    assert.equal(isSeenAsItIs(bundle([], { workload: { kind: "instance" } })), true);
    assert.equal(isSeenAsItIs(bundle([], at("10.0.5.5"))), true);
  });

  it("is no pod, whose node stands in for it elsewhere, and no laptop", () => {
    assert.equal(isSeenAsItIs(bundle([], { workload: { kind: "pod" } })), false);
    assert.equal(isSeenAsItIs(bundle([])), false);
  });
});
