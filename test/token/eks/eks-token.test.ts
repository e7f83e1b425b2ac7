import assert from "node:assert/strict";
import { signEksToken } from "../../../token/eks/eks-token.ts";
import { CLUSTER_HEADER, MAX_TOKEN_BYTES } from "../../../token/eks/token-form.ts";

const CREDENTIALS = {
  accessKeyId: "ASIACANARYKEY0000001",
  secretAccessKey: "canary/secret+key",
  sessionToken: "canary//session+token==",
};
const REQUEST = {
  cluster: "lab",
  region: "eu-west-1",
  stsHost: "sts.eu-west-1.amazonaws.com",
  signedAt: Date.parse("2026-01-15T12:00:00Z"),
};

function urlOf(token: string): URL {
  assert.match(token, /^k8s-aws-v1\.[A-Za-z0-9_-]+$/);
  return new URL(Buffer.from(token.slice("k8s-aws-v1.".length), "base64url").toString("utf8"));
}

describe("signEksToken", () => {
  it("writes a presigned GetCallerIdentity for the STS host as base64url without padding", () => {
    const url = urlOf(signEksToken(REQUEST, CREDENTIALS));
    assert.equal(url.origin + url.pathname, "https://sts.eu-west-1.amazonaws.com/");
    const { "X-Amz-Signature": signature, ...parameters } = Object.fromEntries(url.searchParams);
    assert.deepEqual(parameters, {
      Action: "GetCallerIdentity",
      Version: "2011-06-15",
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": "ASIACANARYKEY0000001/20260115/eu-west-1/sts/aws4_request",
      "X-Amz-Date": "20260115T120000Z",
      "X-Amz-Expires": "60",
      "X-Amz-Security-Token": CREDENTIALS.sessionToken,
      "X-Amz-SignedHeaders": "host;x-k8s-aws-id",
    });
    assert.match(signature ?? "", /^[0-9a-f]{64}$/);
  });

  it("has no session token for the keys of an IAM user", () => {
    const { sessionToken: _none, ...keys } = CREDENTIALS;
    assert.equal(urlOf(signEksToken(REQUEST, keys)).searchParams.has("X-Amz-Security-Token"), false);
  });

  it("signs the cluster's name, which is not in the URL", () => {
    const one = urlOf(signEksToken(REQUEST, CREDENTIALS));
    const other = urlOf(signEksToken({ ...REQUEST, cluster: "lab2" }, CREDENTIALS));
    assert.notEqual(one.searchParams.get("X-Amz-Signature"), other.searchParams.get("X-Amz-Signature"));
    one.searchParams.delete("X-Amz-Signature");
    other.searchParams.delete("X-Amz-Signature");
    assert.equal(one.href, other.href);
    assert.equal(CLUSTER_HEADER, "x-k8s-aws-id");
  });

  it("makes tokens up to 4096 bytes, and none longer", () => {
    const bytes = (characters: number) =>
      signEksToken(REQUEST, { ...CREDENTIALS, sessionToken: "x".repeat(characters) }).length;
    // Three characters of the URL are four of the token; 4096 itself cannot be, for base64 has no text of 4085.
    const longest = 1 + Math.floor(((MAX_TOKEN_BYTES - bytes(1)) * 3) / 4);
    assert.equal(bytes(longest), 4095);
    assert.throws(() => bytes(longest + 1), {
      code: "token-too-long",
      message:
        `The EKS token for lab is 4097 bytes long; EKS accepts at most 4096. ` +
        `The AWS session token in it is ${longest + 1} characters long.`,
    });
  });

  it("says nothing secret about a token that is too long", () => {
    const sessionToken = `canary${"A".repeat(4000)}`;
    assert.throws(
      () => signEksToken(REQUEST, { ...CREDENTIALS, sessionToken }),
      (error: Error) => !`${error.message}${error.stack}`.includes("canary"),
    );
  });
});
