import assert from "node:assert/strict";
import { STSClient } from "@aws-sdk/client-sts";
import { stsHost } from "../../../token/hot/sts-host.ts";

/** Ordinary, dual-stack, FIPS, and FIPS with dual-stack. Source: token/eks/EKS-TOKEN.md, "Hosts". */
const HOSTS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  "us-east-1": [
    "sts.us-east-1.amazonaws.com",
    "sts.us-east-1.api.aws",
    "sts-fips.us-east-1.amazonaws.com",
    "sts-fips.us-east-1.api.aws",
  ],
  "us-gov-west-1": [
    "sts.us-gov-west-1.amazonaws.com",
    "sts.us-gov-west-1.api.aws",
    "sts.us-gov-west-1.amazonaws.com",
    "sts-fips.us-gov-west-1.api.aws",
  ],
  "cn-northwest-1": [
    "sts.cn-northwest-1.amazonaws.com.cn",
    "sts.cn-northwest-1.api.amazonwebservices.com.cn",
    "sts-fips.cn-northwest-1.amazonaws.com.cn",
    "sts-fips.cn-northwest-1.api.amazonwebservices.com.cn",
  ],
  "eusc-de-east-1": [
    "sts.eusc-de-east-1.amazonaws.eu",
    "sts.eusc-de-east-1.api.amazonwebservices.eu",
    "sts-fips.eusc-de-east-1.amazonaws.eu",
    "sts-fips.eusc-de-east-1.api.amazonwebservices.eu",
  ],
  "us-iso-east-1": [
    "sts.us-iso-east-1.c2s.ic.gov",
    undefined,
    "sts-fips.us-iso-east-1.c2s.ic.gov",
    undefined,
  ],
  "us-isob-east-1": [
    "sts.us-isob-east-1.sc2s.sgov.gov",
    undefined,
    "sts-fips.us-isob-east-1.sc2s.sgov.gov",
    undefined,
  ],
  "eu-isoe-west-1": [
    "sts.eu-isoe-west-1.cloud.adc-e.uk",
    undefined,
    "sts-fips.eu-isoe-west-1.cloud.adc-e.uk",
    undefined,
  ],
  "us-isof-south-1": [
    "sts.us-isof-south-1.csp.hci.ic.gov",
    undefined,
    "sts-fips.us-isof-south-1.csp.hci.ic.gov",
    undefined,
  ],
};

const WAYS = [
  { fips: false, dualStack: false },
  { fips: false, dualStack: true },
  { fips: true, dualStack: false },
  { fips: true, dualStack: true },
] as const;

/** Regions of all partitions, one made up among them: the SDK derives the host of a region it does not know. */
const REGIONS = [
  ...Object.keys(HOSTS),
  "us-east-2",
  "eu-west-1",
  "ap-southeast-7",
  "mx-central-1",
  "us-gov-east-1",
  "cn-north-1",
  "us-iso-west-1",
  "us-isof-east-1",
  "xx-nowhere-9",
];

describe("stsHost", () => {
  for (const [region, hosts] of Object.entries(HOSTS)) {
    for (const [index, way] of WAYS.entries()) {
      const expected = hosts[index];
      it(`is ${expected ?? "none"} in ${region} with ${JSON.stringify(way)}`, () => {
        assert.equal(stsHost(region, way), expected);
      });
    }
  }

  describe("beside the endpoint rules of the AWS SDK", () => {
    const { endpointProvider } = new STSClient({ region: "us-east-1" }).config;
    const sdkHost = (region: string, { fips, dualStack }: (typeof WAYS)[number]) =>
      endpointProvider(
        { Region: region, UseFIPS: fips, UseDualStack: dualStack, UseGlobalEndpoint: false },
        {},
      ).url.host;

    for (const region of REGIONS) {
      it(`gives the same hosts in ${region}`, () => {
        for (const way of WAYS) {
          const host = stsHost(region, way);
          // The isolated partitions: the SDK has dual-stack names there, an EKS verifier refuses them.
          if (host === undefined) assert.match(region, /-iso[a-z]?-/);
          else assert.equal(host, sdkHost(region, way));
        }
      });
    }

    it("differs where a verifier refuses what the SDK knows", () => {
      const way = { fips: false, dualStack: true };
      assert.equal(sdkHost("us-iso-east-1", way), "sts.us-iso-east-1.api.aws.ic.gov");
      assert.equal(stsHost("us-iso-east-1", way), undefined);
    });
  });

  for (const region of [
    "",
    "nowhere",
    "us-east",
    "us-east-",
    "US-EAST-1",
    "us-east-1a",
    "us_east_1",
    "-us-east-1",
    "us-east-1-",
    "us-east-1.example.com/",
    "us-east-1\n",
    "u-east-1",
    "aws-global",
  ]) {
    it(`is none for ${JSON.stringify(region)}, which is no region`, () => {
      assert.equal(stsHost(region, { fips: false, dualStack: false }), undefined);
    });
  }
});
