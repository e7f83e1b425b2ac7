import { healthyBundle, unauthorized } from "../../support/bundle.ts";
import {
  cluster,
  ioTimeout,
  network,
  networkFault,
  noAnswer,
  PRIVATE,
} from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = networkFault("N2");

testRule("network/network-endpoint-private", "N2", {
  certain: {
    "there is no route": { ...FAULT, ...network({ addresses: ["10.0.3.4"], tcp: "unreachable" }) },
  },
  likely: {
    "names a private endpoint that is called from outside": {
      on: FAULT,
      summary:
        "The API server of lab has only private addresses (10.0.3.4, 10.0.7.9), and this machine cannot reach them.",
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
    "it works although the endpoint is private": healthyBundle(cluster({ resourcesVpcConfig: PRIVATE })),
    "the API server answers 401": unauthorized(cluster({ resourcesVpcConfig: PRIVATE })),
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
