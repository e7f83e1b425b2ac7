import assert from "node:assert/strict";
import {
  bearerEndpoint,
  endpointOverride,
  ignoredVariables,
  isAwsEndpoint,
  signedStsHost,
  stsEndpoint,
  stsHostOptions,
} from "../../../token/endpoints/aws-endpoint.ts";
import { onPosix } from "../../support/platform.ts";

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

  onPosix("shell", "refuses what AWS does not know", () => {
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

  onPosix("shell", "refuses a dual-stack host that no verifier would accept", () => {
    assert.throws(() => signedStsHost("us-iso-east-1", { AWS_USE_DUALSTACK_ENDPOINT: "true" }), {
      code: "config-invalid",
      message:
        "AWS_USE_DUALSTACK_ENDPOINT is true, but EKS in us-iso-east-1 does not accept tokens signed for a dual-stack host.",
      hint: "Run `unset AWS_USE_DUALSTACK_ENDPOINT` and try again.",
    });
  });
});
