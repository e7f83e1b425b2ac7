import assert from "node:assert/strict";
import { readPresignedUrl } from "../../../lab/kube/authentication/presigned-url.ts";
import { tokenOf } from "../support/presigned-token.ts";

const NOW = Date.parse("2026-11-25T10:50:18Z");
const PLACE = { partition: "aws", region: "us-east-1" };
const STS = "https://sts.amazonaws.com/";
const SIGNED = "action=GetCallerIdentity&x-amz-signedheaders=x-k8s-aws-id";
const EXPIRES = "x-amz-expires=60";
const DATE = "x-amz-date=20261125T105018Z";

/**
 * Tokens and the text they are refused with. Origin: kubernetes-sigs/aws-iam-authenticator, pkg/token/token_test.go,
 * TestVerifyTokenPreSTSValidations.
 */
const REFUSED: Readonly<Record<string, readonly [token: string, text: string]>> = {
  "is larger than 4096 bytes": ["x".repeat(4097), "token is too large"],
  "has another version": ["k8s-aws-v2.asdfasdfa", 'token is missing expected "k8s-aws-v1." prefix'],
  "is no base64": ["k8s-aws-v1.decodingerror", "illegal base64 data at input byte 12"],
  "keeps its padding": [`${tokenOf(`${STS}?a=bc`)}=`, "illegal base64 data at input byte 42"],
  "is ordinary base64": ["k8s-aws-v1.ab+/", "illegal base64 data at input byte 2"],
  "holds no URL": [tokenOf(":ab:cd.af:/asda"), "parse: missing protocol scheme"],
  "is for http": [tokenOf("http://"), 'unexpected scheme "http" in pre-signed URL'],
  "has a path": [tokenOf(`${STS}abc`), "unexpected path in pre-signed URL"],
  "has no path": [tokenOf("https://sts.amazonaws.com"), "unexpected path in pre-signed URL"],
  "has a path that means /": [tokenOf(`${STS}./`), "unexpected path in pre-signed URL"],
  "has a stray parameter": [
    tokenOf(`${STS}?NoInWhiteList=abc`),
    'non-whitelisted query parameter "NoInWhiteList"',
  ],
  "has a parameter twice": [
    tokenOf(`${STS}?action=get&action=post`),
    "query parameter with multiple values not supported",
  ],
  "has a parameter in two cases": [
    tokenOf(`${STS}?action=a&Action=b`),
    'duplicate query parameter found: "Action"',
  ],
  "has a semicolon": [tokenOf(`${STS}?action=a;b=c`), "malformed query parameter"],
  "has a broken escape": [tokenOf(`${STS}?action=%zz`), "malformed query parameter"],
  "asks something else": [
    tokenOf(`${STS}?action=NotGetCallerIdenity`),
    "unexpected action parameter in pre-signed URL",
  ],
  "did not sign the cluster": [
    tokenOf(`${STS}?action=GetCallerIdentity&x-amz-signedheaders=abc%3bx-k8s-aws-i%3bdef`),
    "client did not sign the x-k8s-aws-id header in the pre-signed URL",
  ],
  "expires late": [
    tokenOf(`${STS}?${SIGNED}&${DATE}&x-amz-expires=9999999`),
    "invalid X-Amz-Expires parameter in pre-signed URL: 9999999",
  ],
  "expires 901 seconds on": [
    tokenOf(`${STS}?${SIGNED}&${DATE}&x-amz-expires=901`),
    "invalid X-Amz-Expires parameter in pre-signed URL: 901",
  ],
  "expires backwards": [
    tokenOf(`${STS}?${SIGNED}&${DATE}&x-amz-expires=-1`),
    "invalid X-Amz-Expires parameter in pre-signed URL: -1",
  ],
  "says no expiry": [
    tokenOf(`${STS}?${SIGNED}&${DATE}`),
    "invalid X-Amz-Expires parameter in pre-signed URL: 0",
  ],
  "has no date": [
    tokenOf(`${STS}?${SIGNED}&${EXPIRES}`),
    "X-Amz-Date parameter must be present in pre-signed URL",
  ],
  "has no real date": [
    tokenOf(`${STS}?${SIGNED}&${EXPIRES}&x-amz-date=xxxxxxx`),
    'error parsing X-Amz-Date parameter xxxxxxx into format 20060102T150405Z: parsing time "xxxxxxx" as "20060102T150405Z": cannot parse "xxxxxxx" as "2006"',
  ],
  "is from 1990": [
    tokenOf(`${STS}?${SIGNED}&${EXPIRES}&x-amz-date=19900422T010203Z`),
    "X-Amz-Date parameter is expired (15 minute expiration) 1990-04-22 01:02:03 +0000 UTC",
  ],
  "is 15 minutes and a second old": [
    tokenOf(`${STS}?${SIGNED}&${EXPIRES}&x-amz-date=20261125T103517Z`),
    "X-Amz-Date parameter is expired (15 minute expiration) 2026-11-25 10:35:17 +0000 UTC",
  ],
};

describe("a token, before STS is asked", () => {
  for (const [name, [token, text]] of Object.entries(REFUSED)) {
    it(`is refused when it ${name}`, () => {
      assert.throws(() => readPresignedUrl(token, PLACE, NOW), {
        name: "Refusal",
        message: `input token was not properly formatted: ${text}`,
      });
    });
  }

  const accepted: Readonly<Record<string, string>> = {
    "is 15 minutes old to the second": `${SIGNED}&${EXPIRES}&x-amz-date=20261125T103518Z`,
    "is from the future": `${SIGNED}&${EXPIRES}&x-amz-date=20261125T111018Z`,
    "expires at once": `${SIGNED}&${DATE}&x-amz-expires=0`,
    "expires 900 seconds on": `${SIGNED}&${DATE}&x-amz-expires=900`,
    "names headers in capitals": `Action=GetCallerIdentity&X-Amz-SignedHeaders=host%3BX-K8S-AWS-ID&${DATE}&${EXPIRES}`,
  };
  for (const [name, query] of Object.entries(accepted)) {
    it(`passes when it ${name}`, () => {
      const credential = "X-Amz-Credential=ASIABCDEFGHIJKLMNOPQ%2F20191216%2Fus-west-2%2Fs3%2Faws4_request";
      assert.deepEqual(readPresignedUrl(tokenOf(`${STS}?${query}&${credential}`), PLACE, NOW), {
        host: "sts.amazonaws.com",
        pathAndQuery: `/?${query}&${credential}`,
        accessKeyId: "ASIABCDEFGHIJKLMNOPQ",
      });
    });
  }
});
