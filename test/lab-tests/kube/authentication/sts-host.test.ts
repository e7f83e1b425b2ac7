import assert from "node:assert/strict";
import { checkStsHost } from "../../../lab/kube/authentication/sts-host.ts";

/** `undefined`: accepted. Facts: kubernetes-sigs/aws-iam-authenticator, pkg/token/token_test.go. */
const HOSTS: readonly [partition: string, host: string, refusal?: string][] = [
  ["aws", "sts.amazonaws.com"],
  ["aws", "sts.us-east-1.amazonaws.com"],
  ["aws", "sts.eu-west-3.amazonaws.com"],
  ["aws", "sts-fips.us-east-1.amazonaws.com"],
  ["aws", "sts.us-east-1.api.aws"],
  ["aws", "sts.xx-nowhere-9.amazonaws.com"],
  ["aws", "sts.amazonaws.com.cn", 'unexpected hostname "sts.amazonaws.com.cn" in pre-signed URL'],
  ["aws", "website.amazonaws.com", 'unexpected hostname "website.amazonaws.com" in pre-signed URL'],
  [
    "aws",
    "sts.us-east-1.amazonaws.com:443",
    'unexpected hostname "sts.us-east-1.amazonaws.com:443" in pre-signed URL',
  ],
  [
    "aws",
    "STS.us-east-1.amazonaws.com",
    'unexpected hostname "STS.us-east-1.amazonaws.com" in pre-signed URL',
  ],
  ["aws", "sts.us_east.amazonaws.com", "invalid region identifier format provided: us_east"],
  ["aws", "sts.-us.amazonaws.com", "invalid region identifier format provided: -us"],
  [
    "aws",
    "google.com",
    "could not parse region for pre-signed URL google.com, invalid host format: google.com",
  ],
  ["aws", "", "could not parse region for pre-signed URL , host is empty"],
  [
    "aws",
    "sts.cn-north-1.amazonaws.com.cn",
    "partition {aws} does not support hostname sts.cn-north-1.amazonaws.com.cn",
  ],
  ["aws-us-gov", "sts.us-gov-west-1.amazonaws.com"],
  ["aws-us-gov", "sts.amazonaws.com", "global endpoint unsupported in partition aws-us-gov"],
  ["aws-cn", "sts.cn-northwest-1.amazonaws.com.cn"],
  ["aws-cn", "sts.cn-north-1.api.amazonwebservices.com.cn"],
  ["aws-cn", "sts.amazonaws.com", "global endpoint unsupported in partition aws-cn"],
  [
    "aws-cn",
    "sts.made-up.amazonaws.com.cn",
    'unexpected hostname "sts.made-up.amazonaws.com.cn" in pre-signed URL',
  ],
  ["aws-cn", "sts.own-region.amazonaws.com.cn"],
  ["aws-eusc", "sts.eusc-de-east-1.amazonaws.eu"],
  ["aws-iso", "sts.us-iso-east-1.c2s.ic.gov"],
  [
    "aws-iso",
    "sts.us-iso-east-1.api.aws.ic.gov",
    "partition {aws-iso} does not support hostname sts.us-iso-east-1.api.aws.ic.gov",
  ],
  ["aws-iso-b", "sts.us-isob-east-1.sc2s.sgov.gov"],
  ["aws-iso-e", "sts.eu-isoe-west-1.cloud.adc-e.uk"],
  ["aws-iso-f", "sts.us-isof-south-1.csp.hci.ic.gov"],
];

describe("the hosts a verifier takes", () => {
  for (const [partition, host, refusal] of HOSTS) {
    it(`${refusal === undefined ? "has" : "has not"} ${host} in ${partition}`, () => {
      const check = () => checkStsHost(host, { partition, region: "own-region" });
      if (refusal === undefined) assert.doesNotThrow(check);
      else assert.throws(check, { message: `input token was not properly formatted: ${refusal}` });
    });
  }
});
