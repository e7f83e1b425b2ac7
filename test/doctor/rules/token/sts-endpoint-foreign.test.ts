import assert from "node:assert/strict";
import { stsEndpointForeign } from "../../../../doctor/rules/token/sts-endpoint-foreign.ts";
import {
  awsConfig,
  awsExec,
  confidences,
  findingsOf,
  unauthorized,
  verdicts,
} from "../../support/credential-case.ts";

function signedFor(host: string) {
  return { token: { bytes: 1500, host, accessKeyId: "ASIAEXAMPLEEXAMPLE12", temporary: true, problems: [] } };
}

const VPC_HOST = "vpce-0123456789abcdef0-abcdefgh.sts.eu-west-1.vpce.amazonaws.com";

describe("sts-endpoint-foreign", () => {
  it("sees the token's host, and where it comes from", () => {
    const environment = { HOME: "/home/ada", AWS_ENDPOINT_URL_STS: `https://${VPC_HOST}` };
    const bundle = unauthorized({ ...signedFor(VPC_HOST), environment });
    assert.deepEqual(verdicts(stsEndpointForeign, bundle), [
      {
        cause: "S6",
        stage: "token",
        severity: "error",
        confidence: "certain",
        commands: ["kubectl config set-credentials lab --exec-env=AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true"],
      },
    ]);
    assert.deepEqual(findingsOf(stsEndpointForeign, bundle)?.[0]?.evidence, [
      `The token's URL goes to ${VPC_HOST}.`,
      `AWS_ENDPOINT_URL_STS in the environment: https://${VPC_HOST}.`,
    ]);
  });

  for (const host of [
    "localhost:4566",
    "sts.eu-west-1.amazonaws.com:443",
    "sts.cn-north-1.amazonaws.com.cn",
    "sts.us-gov-west-1.amazonaws.com",
    "sts.us-iso-east-1.api.aws",
    "website.amazonaws.com",
  ]) {
    it(`knows that a cluster in eu-west-1 refuses ${host}`, () => {
      assert.deepEqual(confidences(stsEndpointForeign, unauthorized(signedFor(host))), ["S6 certain"]);
    });
  }

  for (const host of [
    "sts.eu-west-1.amazonaws.com",
    "sts.us-east-2.amazonaws.com",
    "sts-fips.us-east-1.amazonaws.com",
    "sts.eu-west-1.api.aws",
    "sts.amazonaws.com",
  ]) {
    it(`knows that it accepts ${host}`, () => {
      assert.deepEqual(confidences(stsEndpointForeign, unauthorized(signedFor(host))), []);
    });
  }

  it("knows that the global host is refused outside partition aws", () => {
    const text = awsExec({}).kubeconfig;
    const files = JSON.parse(
      JSON.stringify(text)
        .replaceAll("eu-west-1", "cn-north-1")
        .replaceAll("amazonaws.com", "amazonaws.com.cn"),
    );
    const { cluster: _, ...bundle } = unauthorized({ ...signedFor("sts.amazonaws.com"), kubeconfig: files });
    assert.deepEqual(verdicts(stsEndpointForeign, bundle)?.[0]?.commands, [
      "kubectl config set-credentials lab --exec-env=AWS_STS_REGIONAL_ENDPOINTS=regional --exec-env=AWS_REGION=cn-north-1",
    ]);
  });

  it("is likely from the settings alone, while no token is known", () => {
    const { token: _, ...bundle } = unauthorized(
      awsConfig("[profile dev]\nendpoint_url = http://localhost:4566\n"),
    );
    assert.deepEqual(confidences(stsEndpointForeign, bundle), ["S6 likely"]);
    const ignoring = awsExec({ AWS_PROFILE: "dev", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" });
    assert.deepEqual(confidences(stsEndpointForeign, { ...bundle, ...ignoring }), []);
  });

  it("is silent when the server names the user", () => {
    const stderr =
      'Error from server (Forbidden): pods is forbidden: User "ada" cannot list resource "pods" in API group "" in the namespace "web"';
    assert.deepEqual(
      confidences(stsEndpointForeign, unauthorized({ ...signedFor("localhost:4566"), question: { stderr } })),
      [],
    );
  });
});
