import assert from "node:assert/strict";
import { signedStsHost, stsEndpoint, stsHostOptions } from "../../../token/aws/sts-endpoint.ts";

const ELSEWHERE = {
  AWS_ENDPOINT_URL: "https://all.example.com:8443",
  AWS_ENDPOINT_URL_STS: "http://localhost:4566/sts",
};

describe("stsHostOptions", () => {
  it("is AWS's own default without variables", () => {
    assert.deepEqual(stsHostOptions({}), { fips: false, dualStack: false });
  });

  it("reads both variables, in any case", () => {
    assert.deepEqual(stsHostOptions({ AWS_USE_FIPS_ENDPOINT: "True", AWS_USE_DUALSTACK_ENDPOINT: "TRUE" }), {
      fips: true,
      dualStack: true,
    });
  });

  it("refuses what AWS does not know", () => {
    assert.throws(() => stsHostOptions({ AWS_USE_FIPS_ENDPOINT: "yes" }), {
      code: "config-invalid",
      message: 'AWS_USE_FIPS_ENDPOINT is "yes"; AWS knows true and false.',
      hint: "Run `unset AWS_USE_FIPS_ENDPOINT`, then the command again.",
    });
  });
});

describe("signedStsHost", () => {
  it("is AWS's own, whatever endpoint is configured", () => {
    assert.equal(signedStsHost("eu-west-1", ELSEWHERE), "sts.eu-west-1.amazonaws.com");
  });

  it("follows FIPS and dual-stack", () => {
    assert.equal(
      signedStsHost("eu-west-1", { AWS_USE_FIPS_ENDPOINT: "true", AWS_USE_DUALSTACK_ENDPOINT: "true" }),
      "sts-fips.eu-west-1.api.aws",
    );
  });

  it("refuses what is no region", () => {
    assert.throws(() => signedStsHost("nowhere", {}), {
      code: "region-invalid",
      message: '"nowhere" is not the name of an AWS region.',
    });
  });

  it("refuses a dual-stack host that no verifier would accept", () => {
    assert.throws(() => signedStsHost("us-iso-east-1", { AWS_USE_DUALSTACK_ENDPOINT: "true" }), {
      code: "config-invalid",
      message:
        "AWS_USE_DUALSTACK_ENDPOINT is true, but EKS in us-iso-east-1 accepts no token signed for a dual-stack host.",
      hint: "Run `unset AWS_USE_DUALSTACK_ENDPOINT`, then the command again.",
    });
  });
});

describe("stsEndpoint", () => {
  const cases: readonly (readonly [string, Record<string, string>, string])[] = [
    ["AWS's own host", {}, "https://sts.eu-west-1.amazonaws.com/"],
    ["the FIPS host", { AWS_USE_FIPS_ENDPOINT: "true" }, "https://sts-fips.eu-west-1.amazonaws.com/"],
    [
      "AWS_ENDPOINT_URL",
      { AWS_ENDPOINT_URL: "https://all.example.com:8443" },
      "https://all.example.com:8443/",
    ],
    ["AWS_ENDPOINT_URL_STS before the other", ELSEWHERE, "http://localhost:4566/sts"],
    [
      "the other when it is empty",
      { ...ELSEWHERE, AWS_ENDPOINT_URL_STS: "" },
      "https://all.example.com:8443/",
    ],
    [
      "neither when they are to be ignored",
      { ...ELSEWHERE, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
      "https://sts.eu-west-1.amazonaws.com/",
    ],
    [
      "them when they are not to be ignored",
      { ...ELSEWHERE, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false" },
      "http://localhost:4566/sts",
    ],
  ];
  for (const [what, env, url] of cases) {
    it(`is ${what}`, () => {
      assert.equal(stsEndpoint("eu-west-1", env).href, url);
    });
  }

  for (const value of ["localhost:4566", "sts.example.com", "ftp://example.com", "https://"]) {
    it(`refuses ${value}`, () => {
      assert.throws(() => stsEndpoint("eu-west-1", { AWS_ENDPOINT_URL_STS: value }), {
        code: "config-invalid",
        message: `AWS_ENDPOINT_URL_STS is "${value}", which is not an http or https address.`,
        hint: "Run `unset AWS_ENDPOINT_URL_STS`, then the command again.",
      });
    });
  }

  it("refuses a variable that says neither yes nor no", () => {
    assert.throws(() => stsEndpoint("eu-west-1", { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "1" }), {
      code: "config-invalid",
    });
  });
});
