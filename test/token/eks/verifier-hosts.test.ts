import assert from "node:assert/strict";
import { acceptingClusters, isStsHost } from "../../../token/eks/verifier-hosts.ts";

/** Whose verifiers take a host, and whether it is STS. Facts: aws-iam-authenticator, pkg/token/token_test.go. */
const HOSTS: readonly (readonly [host: string, clusters: readonly string[], isSts: boolean])[] = [
  ["sts.amazonaws.com", ["aws"], true],
  ["sts.eu-west-3.amazonaws.com", ["aws", "aws-us-gov"], true],
  ["sts-fips.us-east-1.amazonaws.com", ["aws", "aws-us-gov"], true],
  ["sts.us-east-1.api.aws", ["aws", "aws-us-gov"], true],
  ["sts.us-gov-west-1.amazonaws.com", ["aws", "aws-us-gov"], true],
  ["sts-fips.us-gov-west-1.amazonaws.com", [], false],
  ["sts.cn-northwest-1.amazonaws.com.cn", ["aws-cn"], true],
  ["sts.cn-north-1.api.amazonwebservices.com.cn", ["aws-cn"], true],
  ["sts.cn-north-1.amazonaws.com", [], false],
  ["sts.eusc-de-east-1.amazonaws.eu", ["aws-eusc"], true],
  ["sts.eusc-fr-west-1.amazonaws.eu", ["aws-eusc in eusc-fr-west-1"], true],
  ["sts.us-iso-east-1.c2s.ic.gov", ["aws-iso"], true],
  ["sts.us-iso-east-1.api.aws.ic.gov", [], false],
  ["sts.xx-nowhere-9.amazonaws.com", ["aws", "aws-us-gov"], true],
  ["sts.s3.amazonaws.com", ["aws", "aws-us-gov"], false],
  ["sts.aws-global.amazonaws.com", [], false],
  ["sts.amazonaws.com.cn", [], false],
  ["website.amazonaws.com", [], false],
  ["sts.us-east-1.amazonaws.com:443", [], false],
  ["STS.us-east-1.amazonaws.com", [], false],
  ["sts.us_east.amazonaws.com", [], false],
  ["", [], false],
];

describe("the hosts that EKS verifiers take", () => {
  for (const [host, clusters, isSts] of HOSTS) {
    it(`has ${JSON.stringify(host)} ${clusters.length === 0 ? "nowhere" : `in ${clusters.join(" and ")}`}`, () => {
      const accepting = acceptingClusters(host).map(({ partition, region }) =>
        region === undefined ? partition : `${partition} in ${region}`,
      );
      assert.deepEqual({ accepting, isSts: isStsHost(host) }, { accepting: clusters, isSts });
    });
  }
});
