import assert from "node:assert/strict";
import { endpointOverride, isAwsEndpoint, stsEndpoint } from "../../../token/endpoints/aws-endpoint.ts";

const REGION = "eu-west-1";

describe("isAwsEndpoint", () => {
  const own = [
    "https://sts.eu-west-1.amazonaws.com",
    "https://sts.eu-west-1.amazonaws.com/",
    "https://sts-fips.eu-west-1.amazonaws.com",
    "https://sts.eu-west-1.api.aws",
    "https://vpce-0abc123-xyz9.sts.eu-west-1.vpce.amazonaws.com",
  ];
  for (const address of own) it(`takes ${address}`, () => assert.ok(isAwsEndpoint("sts", REGION, address)));

  const foreign = [
    "http://sts.eu-west-1.amazonaws.com",
    "https://sts.eu-west-1.amazonaws.com:8443",
    "https://ada:pw@sts.eu-west-1.amazonaws.com",
    "https://sts.eu-west-1.amazonaws.com/x",
    "https://sts.us-east-1.amazonaws.com",
    "https://sts.amazonaws.com",
    "https://sts.eu-west-1.amazonaws.com.evil.example",
    "https://evil.s3.amazonaws.com",
    "https://sts.evil.eu-west-1.elb.amazonaws.com",
    "https://abc.execute-api.eu-west-1.amazonaws.com",
    "https://vpce-svc-0abc.sts.eu-west-1.vpce.amazonaws.com",
    "https://vpce-0abc.vpce-svc-0def.eu-west-1.vpce.amazonaws.com",
    "https://vpce-0abc.eks.eu-west-1.vpce.amazonaws.com",
    "https://eks.eu-west-1.amazonaws.com",
    "sts.eu-west-1.amazonaws.com",
    "",
  ];
  for (const address of foreign)
    it(`takes ${JSON.stringify(address)} for somebody else's`, () =>
      assert.equal(isAwsEndpoint("sts", REGION, address), false));
});

describe("stsEndpoint", () => {
  const interfaceEndpoint = "https://vpce-0abc.sts.eu-west-1.vpce.amazonaws.com/";
  const cases: Readonly<Record<string, readonly [Record<string, string>, Record<string, string>, string]>> = {
    "AWS's own host": [{}, {}, "https://sts.eu-west-1.amazonaws.com/"],
    "the FIPS host": [{ AWS_USE_FIPS_ENDPOINT: "true" }, {}, "https://sts-fips.eu-west-1.amazonaws.com/"],
    "what is on record": [{}, { stsEndpoint: "http://localhost:4566/sts" }, "http://localhost:4566/sts"],
    "the record, whatever a variable says": [
      { AWS_ENDPOINT_URL_STS: interfaceEndpoint, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
      { stsEndpoint: "https://sts.example.com/" },
      "https://sts.example.com/",
    ],
    "an interface endpoint of AWS": [{ AWS_ENDPOINT_URL_STS: interfaceEndpoint }, {}, interfaceEndpoint],
    "AWS's own where a variable names somebody else": [
      { AWS_ENDPOINT_URL: "https://evil.example.com" },
      {},
      "https://sts.eu-west-1.amazonaws.com/",
    ],
    "AWS's own where variables are to be ignored": [
      { AWS_ENDPOINT_URL: interfaceEndpoint, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
      {},
      "https://sts.eu-west-1.amazonaws.com/",
    ],
  };
  for (const [what, [env, endpoints, url]] of Object.entries(cases))
    it(`is ${what}`, () => assert.equal(stsEndpoint(REGION, { env, endpoints }).href, url));

  it("is nothing for what is no region", () => {
    assert.throws(() => stsEndpoint("evil.example.com/#", { env: {}, endpoints: {} }), {
      code: "region-invalid",
    });
  });
});

describe("endpointOverride", () => {
  it("is nobody's for EKS and IAM without a record", () => {
    const env = { AWS_ENDPOINT_URL: "https://evil.example.com" };
    for (const service of ["eks", "iam"] as const)
      assert.equal(endpointOverride(service, { region: REGION, env, endpoints: {} }), undefined);
  });
});
