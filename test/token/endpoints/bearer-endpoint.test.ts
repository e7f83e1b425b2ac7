import assert from "node:assert/strict";
import { bearerEndpoint } from "../../../token/endpoints/bearer-endpoint.ts";
import { ignoredVariables } from "../../../token/endpoints/ignored-variables.ts";

const FIPS = { AWS_USE_FIPS_ENDPOINT: "true" };
const DUAL = { AWS_USE_DUALSTACK_ENDPOINT: "true" };

/** The hosts of SSO, SSO OIDC and Signin, as the clients of @aws-sdk/nested-clients 3.998.4 ask them. */
const HOSTS: readonly (readonly [string, Record<string, string>, string, string, string])[] = [
  [
    "eu-west-1",
    {},
    "portal.sso.eu-west-1.amazonaws.com",
    "oidc.eu-west-1.amazonaws.com",
    "eu-west-1.signin.aws.amazon.com",
  ],
  [
    "eu-west-1",
    FIPS,
    "portal.sso-fips.eu-west-1.amazonaws.com",
    "oidc-fips.eu-west-1.amazonaws.com",
    "signin-fips.eu-west-1.amazonaws.com",
  ],
  ["eu-west-1", DUAL, "portal.sso.eu-west-1.api.aws", "oidc.eu-west-1.api.aws", "signin.eu-west-1.api.aws"],
  [
    "eu-west-1",
    { ...FIPS, ...DUAL },
    "portal.sso-fips.eu-west-1.api.aws",
    "oidc-fips.eu-west-1.api.aws",
    "signin-fips.eu-west-1.api.aws",
  ],
  [
    "cn-north-1",
    {},
    "portal.sso.cn-north-1.amazonaws.com.cn",
    "oidc.cn-north-1.amazonaws.com.cn",
    "cn-north-1.signin.amazonaws.cn",
  ],
  [
    "cn-north-1",
    DUAL,
    "portal.sso.cn-north-1.api.amazonwebservices.com.cn",
    "oidc.cn-north-1.api.amazonwebservices.com.cn",
    "signin.cn-north-1.api.amazonwebservices.com.cn",
  ],
  [
    "us-gov-west-1",
    {},
    "portal.sso.us-gov-west-1.amazonaws.com",
    "oidc.us-gov-west-1.amazonaws.com",
    "us-gov-west-1.signin.amazonaws-us-gov.com",
  ],
  [
    "us-gov-west-1",
    FIPS,
    "portal.sso.us-gov-west-1.amazonaws.com",
    "oidc.us-gov-west-1.amazonaws.com",
    "signin-fips.amazonaws-us-gov.com",
  ],
  [
    "us-gov-east-1",
    FIPS,
    "portal.sso.us-gov-east-1.amazonaws.com",
    "oidc.us-gov-east-1.amazonaws.com",
    "us-gov-east-1.signin-fips.amazonaws-us-gov.com",
  ],
  [
    "us-gov-west-1",
    { ...FIPS, ...DUAL },
    "portal.sso-fips.us-gov-west-1.api.aws",
    "oidc-fips.us-gov-west-1.api.aws",
    "signin-fips.us-gov-west-1.api.aws",
  ],
  [
    "eusc-de-east-1",
    {},
    "portal.sso.eusc-de-east-1.amazonaws.eu",
    "oidc.eusc-de-east-1.amazonaws.eu",
    "eusc-de-east-1.signin.amazonaws-eusc.eu",
  ],
  [
    "us-iso-east-1",
    {},
    "portal.sso.us-iso-east-1.c2s.ic.gov",
    "oidc.us-iso-east-1.c2s.ic.gov",
    "us-iso-east-1.signin.c2shome.ic.gov",
  ],
  [
    "us-isob-east-1",
    FIPS,
    "portal.sso-fips.us-isob-east-1.sc2s.sgov.gov",
    "oidc-fips.us-isob-east-1.sc2s.sgov.gov",
    "signin-fips.us-isob-east-1.sc2s.sgov.gov",
  ],
  [
    "us-isob-east-1",
    {},
    "portal.sso.us-isob-east-1.sc2s.sgov.gov",
    "oidc.us-isob-east-1.sc2s.sgov.gov",
    "us-isob-east-1.signin.sc2shome.sgov.gov",
  ],
  [
    "eu-isoe-west-1",
    {},
    "portal.sso.eu-isoe-west-1.cloud.adc-e.uk",
    "oidc.eu-isoe-west-1.cloud.adc-e.uk",
    "eu-isoe-west-1.signin.csphome.adc-e.uk",
  ],
  [
    "us-isof-south-1",
    {},
    "portal.sso.us-isof-south-1.csp.hci.ic.gov",
    "oidc.us-isof-south-1.csp.hci.ic.gov",
    "us-isof-south-1.signin.csphome.hci.ic.gov",
  ],
];

describe("bearerEndpoint", () => {
  for (const [region, env, ...hosts] of HOSTS)
    it(`is AWS's own host in ${region} with ${Object.keys(env).join(" and ") || "no variable"}`, () => {
      const asked = (["sso", "ssoOidc", "signin"] as const).map(
        (service) => bearerEndpoint(service, { region, env, endpoints: {} }).href,
      );
      assert.deepEqual(
        asked,
        hosts.map((host) => `https://${host}/`),
      );
    });

  it("is the address on record, and never that of a variable", () => {
    const endpoints = { ssoEndpoint: "http://127.0.0.1:4566/" };
    const env = { AWS_ENDPOINT_URL_SSO: "http://localhost:1", AWS_ENDPOINT_URL: "http://localhost:2" };
    const place = { region: "eu-west-1", env, endpoints };
    assert.equal(bearerEndpoint("sso", place).href, "http://127.0.0.1:4566/");
    assert.equal(bearerEndpoint("ssoOidc", place).href, "https://oidc.eu-west-1.amazonaws.com/");
    const keys = ["ssoEndpoint", "ssoOidcEndpoint"] as const;
    const ignored = ignoredVariables(env, { endpoints, region: "eu-west-1", keys });
    assert.deepEqual(
      ignored.map(({ name }) => name),
      ["AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL"],
    );
  });

  for (const region of [
    "evil.example.com/#",
    "eu-west-1.evil.example",
    "",
    "eu-west-1@evil.example",
    "EU-WEST-1",
  ])
    it(`is nowhere for the region ${JSON.stringify(region)}`, () => {
      assert.throws(() => bearerEndpoint("sso", { region, env: {}, endpoints: {} }), {
        code: "region-invalid",
      });
    });
});
