import assert from "node:assert/strict";
import { networkEndpointPrivate } from "../../../../doctor/rules/network/network-endpoint-private.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import {
  cluster,
  ioTimeout,
  network,
  networkFault,
  noAnswer,
  PRIVATE,
} from "../../support/network-faults.ts";

const FAULT = networkFault("N2");

describe("network-endpoint-private", () => {
  it("names a private endpoint that is called from outside", () => {
    assert.deepEqual(verdicts(networkEndpointPrivate, FAULT), [
      {
        cause: "N2",
        stage: "network",
        severity: "error",
        confidence: "likely",
        commands: [
          "aws eks update-cluster-config --name lab --region eu-west-1 --resources-vpc-config endpointPublicAccess=true,endpointPrivateAccess=true,publicAccessCidrs=YOUR_ADDRESS/32",
          "aws eks wait cluster-active --name lab --region eu-west-1",
        ],
      },
    ]);
    assert.equal(
      findingsOf(networkEndpointPrivate, FAULT)?.[0]?.summary,
      "The API server of lab has only private addresses (10.0.3.4, 10.0.7.9), and this machine cannot reach them.",
    );
  });

  it("is certain when there is no route", () => {
    const bundle = { ...FAULT, ...network({ addresses: ["10.0.3.4"], tcp: "unreachable" }) };
    assert.deepEqual(confidences(networkEndpointPrivate, bundle), ["N2 certain"]);
  });

  it("reads the address in the client's words when DescribeCluster is denied", () => {
    const bundle = noAnswer(ioTimeout("10.0.3.4"), {
      cluster: { failed: "AccessDeniedException" },
      network: { failed: "not asked" },
    });
    assert.deepEqual(confidences(networkEndpointPrivate, bundle), ["N2 likely"]);
  });

  const silent = {
    "everything works": healthyBundle(),
    "it works although the endpoint is private": healthyBundle(cluster({ resourcesVpcConfig: PRIVATE })),
    "the API server answers 401": unauthorized(cluster({ resourcesVpcConfig: PRIVATE })),
    "the address is public (N3)": networkFault("N3"),
    "public access is on, and the name resolves inside (N4)": networkFault("N4"),
    "it was the proxy that timed out": noAnswer(
      "Unable to connect to the server: proxyconnect tcp: dial tcp 10.9.9.9:3128: i/o timeout",
      { cluster: { failed: "denied" }, network: { failed: "not asked" } },
    ),
  };
  for (const [when, bundle] of Object.entries(silent)) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(networkEndpointPrivate, bundle), []);
    });
  }
});
