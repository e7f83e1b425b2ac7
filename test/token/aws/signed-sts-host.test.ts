import assert from "node:assert/strict";
import { signedStsHost, stsHostOptions } from "../../../token/aws/signed-sts-host.ts";

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
      message: 'AWS_USE_FIPS_ENDPOINT is "yes"; AWS accepts only true or false.',
      hint: "Run `unset AWS_USE_FIPS_ENDPOINT` and try again.",
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
      message: '"nowhere" is not an AWS region.',
    });
  });

  it("refuses a dual-stack host that no verifier would accept", () => {
    assert.throws(() => signedStsHost("us-iso-east-1", { AWS_USE_DUALSTACK_ENDPOINT: "true" }), {
      code: "config-invalid",
      message:
        "AWS_USE_DUALSTACK_ENDPOINT is true, but EKS in us-iso-east-1 does not accept tokens signed for a dual-stack host.",
      hint: "Run `unset AWS_USE_DUALSTACK_ENDPOINT` and try again.",
    });
  });
});
