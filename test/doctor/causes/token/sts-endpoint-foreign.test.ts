import { awsConfig, awsExec, NAMES_ADA, unauthorized, without } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

function signedFor(host: string) {
  return { token: { bytes: 1500, host, accessKeyId: "ASIAEXAMPLEEXAMPLE12", temporary: true, problems: [] } };
}

const VPC_HOST = "vpce-0123456789abcdef0-abcdefgh.sts.eu-west-1.vpce.amazonaws.com";
const NO_TOKEN = without(
  unauthorized(awsConfig("[profile dev]\nendpoint_url = http://localhost:4566\n")),
  "token",
);

testRule("token/sts-endpoint-foreign", "S6", {
  certain: {
    "sees the token's host, and where it comes from": {
      on: unauthorized({
        ...signedFor(VPC_HOST),
        environment: { HOME: "/home/ada", AWS_ENDPOINT_URL_STS: `https://${VPC_HOST}` },
      }),
      evidence: [
        `The token's URL points to ${VPC_HOST}.`,
        `AWS_ENDPOINT_URL_STS in the environment: https://${VPC_HOST}.`,
      ],
      commands: "kubectl config set-credentials lab --exec-env=AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true",
    },
    "knows what a cluster in eu-west-1 refuses": [
      "localhost:4566",
      "sts.eu-west-1.amazonaws.com:443",
      "sts.cn-north-1.amazonaws.com.cn",
      "sts.us-iso-east-1.api.aws",
      "website.amazonaws.com",
    ].map((host) => unauthorized(signedFor(host))),
    "knows that the global host is refused outside partition aws": {
      on: without(
        unauthorized({
          ...signedFor("sts.amazonaws.com"),
          kubeconfig: JSON.parse(
            JSON.stringify(awsExec({}).kubeconfig)
              .replaceAll("eu-west-1", "cn-north-1")
              .replaceAll("amazonaws.com", "amazonaws.com.cn"),
          ),
        }),
        "cluster",
      ),
      commands:
        "kubectl config set-credentials lab --exec-env=AWS_STS_REGIONAL_ENDPOINTS=regional --exec-env=AWS_REGION=cn-north-1",
    },
  },
  likely: {
    "from the settings alone, while no token is known": NO_TOKEN,
  },
  passed: {
    "knows what a cluster in eu-west-1 accepts": [
      "sts.eu-west-1.amazonaws.com",
      "sts.us-east-2.amazonaws.com",
      "sts-fips.us-east-1.amazonaws.com",
      "sts.eu-west-1.api.aws",
      "sts.amazonaws.com",
      // Of another partition, but of the same domain: the verifier asks STS there.
      "sts.us-gov-west-1.amazonaws.com",
    ].map((host) => unauthorized(signedFor(host))),
  },
  notApplicable: {
    "the server names the user": unauthorized({ ...signedFor("localhost:4566"), question: NAMES_ADA }),
  },
  unknown: {
    "the entry ignores the settings, and no token is known": {
      on: { ...NO_TOKEN, ...awsExec({ AWS_PROFILE: "dev", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" }) },
      missing: "token",
    },
  },
});
