import assert from "node:assert/strict";
import { parse } from "yaml";
import { run } from "../../../plugin/cli.ts";
import { signEksToken } from "../../../token/eks/eks-token.ts";
import type { SigningCredentials } from "../../../token/eks/sigv4-query.ts";
import { leaksIn } from "../../support/canaries.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { inTimeZone } from "../../support/time-zone.ts";

const NOON = Date.parse("2026-01-15T12:00:00Z");
const TEMPORARY = {
  accessKeyId: "ASIACANARY0000000001",
  secretAccessKey: "CANARY-secret-access-key-0123456789abcdef",
  sessionToken: "CANARY-session-token-0123456789abcdefghij",
};
const SECRETS = [TEMPORARY.secretAccessKey, TEMPORARY.sessionToken];

function sign(credentials: SigningCredentials = TEMPORARY): string {
  return signEksToken(
    { cluster: "lab", region: "eu-west-1", stsHost: "sts.eu-west-1.amazonaws.com", signedAt: NOON },
    credentials,
  );
}

/** The token with its URL changed. */
function changed(token: string, change: (url: string) => string): string {
  const url = Buffer.from(token.slice("k8s-aws-v1.".length), "base64url").toString();
  return `k8s-aws-v1.${Buffer.from(change(url)).toString("base64url")}`;
}

describe("kubectl vouch token explain", () => {
  inTimeZone("Europe/Berlin");
  const home = tempFolder();
  const explain = async (
    args: string[],
    { stdin = undefined as string | undefined, now = NOON + 60_000 } = {},
  ) => {
    const app = fakeApp({
      home: home(),
      clock: () => now,
      ...(stdin === undefined ? { terminals: ["stdin"] } : { stdin }),
    });
    const status = await run(["token", "explain", ...args], app);
    assert.deepEqual(leaksIn(`${app.written.stdout}${app.written.stderr}`, SECRETS), []);
    return { status, ...app.written };
  };

  it("says what is in a token, and never its secret part", async () => {
    const token = sign();
    assert.deepEqual(await explain([token]), {
      status: 0,
      stderr: "",
      stdout:
        "STS host:       sts.eu-west-1.amazonaws.com\n" +
        "Accepted by:    clusters in partitions aws and aws-us-gov\n" +
        "Region:         eu-west-1 (aws)\n" +
        "Access key:     ASIACANARY0000000001 (temporary credentials)\n" +
        "Signed headers: host, x-k8s-aws-id\n" +
        "Signed at:      2026-01-15 13:00:00 UTC+1\n" +
        "Expires:        2026-01-15 13:15:00 UTC+1 (in 14 min), or earlier with its credentials\n" +
        `Size:           ${token.length} bytes (maximum: 4096)\n` +
        "Cluster:        not in the token; it is a signed header, which EKS compares with its own name\n" +
        "No problem found offline. Only STS can verify the signature, cluster and credentials.\n",
    });
  });

  it("prints one object for programs, as JSON and as YAML", async () => {
    const token = sign();
    const { status, stdout } = await explain(["-o", "json"], { stdin: `${token}\n` });
    assert.equal(status, 0);
    const expected = {
      apiVersion: "vouch.kubectl/v1",
      kind: "TokenExplanation",
      host: "sts.eu-west-1.amazonaws.com",
      acceptedBy: [{ partition: "aws" }, { partition: "aws-us-gov" }],
      region: "eu-west-1",
      partition: "aws",
      accessKeyId: "ASIACANARY0000000001",
      temporary: true,
      signedHeaders: ["host", "x-k8s-aws-id"],
      signedAt: "2026-01-15T12:00:00Z",
      endsAt: "2026-01-15T12:15:00Z",
      bytes: token.length,
      problems: [],
      acceptable: true,
    };
    assert.deepEqual(JSON.parse(stdout), expected);
    assert.deepEqual(parse((await explain(["-o", "yaml"], { stdin: token })).stdout), JSON.parse(stdout));
  });

  it("takes an ExecCredential from standard input", async () => {
    const credential = JSON.stringify({ kind: "ExecCredential", status: { token: sign() } });
    const { status, stdout } = await explain([], { stdin: credential });
    assert.equal(status, 0);
    assert.match(stdout, /^STS host: {7}sts\.eu-west-1\.amazonaws\.com\n/);
  });

  it("knows the key of an IAM user", async () => {
    const { stdout } = await explain([
      sign({ accessKeyId: "AKIACANARY0000000001", secretAccessKey: TEMPORARY.secretAccessKey }),
    ]);
    assert.match(stdout, /^Access key: {5}AKIACANARY0000000001 \(long-lived key of an IAM user\)$/m);
  });

  const hosts: Record<string, string> = {
    "sts.cn-north-1.amazonaws.com.cn": "clusters in partition aws-cn",
    "sts.eusc-fr-west-1.amazonaws.eu": "clusters in eusc-fr-west-1 only (aws-eusc)",
    "sts.eu-west-1.evil.example": "no cluster",
  };
  for (const [host, clusters] of Object.entries(hosts)) {
    it(`says whose clusters take ${host}`, async () => {
      const { stdout } = await explain([
        changed(sign(), (url) => url.replace("sts.eu-west-1.amazonaws.com", host)),
      ]);
      assert.equal(/^Accepted by: {4}(.*)$/m.exec(stdout)?.[1], clusters);
    });
  }

  it("says that a token is over, and ends with 1", async () => {
    const { status, stdout } = await explain([sign()], { now: NOON + 16 * 60_000 });
    assert.equal(status, 1);
    assert.match(stdout, /^Expires: {8}2026-01-15 13:15:00 UTC\+1 \(expired\)/m);
    assert.match(stdout, /^EKS rejects it:\n {2}- .+$/m);
  });

  const broken: Record<string, [string, RegExp]> = {
    "has another beginning": [sign().slice(3), /it does not start with k8s-aws-v1\./],
    "is cut": [sign().slice(0, 60), /.+/],
    "is signed for another host": [
      changed(sign(), (url) => url.replace("amazonaws.com", "evil.example")),
      /host/,
    ],
    "asks for another action": [
      changed(sign(), (url) => url.replace("GetCallerIdentity", "GetSessionToken")),
      /its action is GetSessionToken, not GetCallerIdentity/,
    ],
    "lacks the cluster's header": [
      changed(sign(), (url) => url.replace("host%3Bx-k8s-aws-id", "host")),
      /x-k8s-aws-id/,
    ],
    "is no base64": ["k8s-aws-v1.%%%", /.+/],
    "is too long": [`${sign()}${"A".repeat(4000)}`, /4096/],
  };
  for (const [what, [token, problem]] of Object.entries(broken)) {
    it(`says what is wrong with a token that ${what}`, async () => {
      const { status, stdout, stderr } = await explain([], { stdin: token });
      assert.deepEqual({ status, stderr }, { status: 1, stderr: "" });
      const [, problems = ""] = stdout.split("EKS rejects it:\n");
      assert.match(problems, /^( {2}- .+\n)+$/);
      assert.match(problems, problem);
      const object = JSON.parse((await explain(["-o", "json"], { stdin: token })).stdout) as {
        acceptable: boolean;
      };
      assert.equal(object.acceptable, false);
    });
  }

  it("shows nothing of a token that would steer the terminal", async () => {
    const steering = changed(sign(), (url) =>
      url
        .replace("GetCallerIdentity", "%1B%5B2J")
        .replace("ASIACANARY", "%1b%5b31mASIACANARY")
        .concat("&%1b%5d0%3bpwned%07=1"),
    );
    const { status, stdout } = await explain([], { stdin: steering });
    assert.equal(status, 1);
    assert.doesNotMatch(stdout, /[^\P{Cc}\n]/u);
    assert.match(stdout, /^Access key: {5}\\u001b\[31mASIA/m);
    assert.match(stdout, /parameter \\u001b\]0;pwned\\u0007 is not allowed/);
    assert.match(stdout, /its action is \\u001b\[2J, not GetCallerIdentity/);
  });

  const noTokens: [string, string][] = [
    ["", "Standard input contains no token."],
    [" \n", "Standard input contains no token."],
    ["{", "The input looks like JSON, but is not valid JSON."],
    ["{}", "The JSON does not contain status.token."],
    ['{"status":{"token":7}}', "The JSON does not contain status.token."],
    ["{status}", "The input looks like JSON, but is not valid JSON."],
  ];
  for (const [stdin, message] of noTokens) {
    it(`says that ${JSON.stringify(stdin)} is no token`, async () => {
      const { status, stdout, stderr } = await explain([], { stdin });
      assert.deepEqual({ status, stdout }, { status: 1, stdout: "" });
      assert.ok(stderr.startsWith(`error: ${message} [token-invalid]\n`), stderr);
    });
  }

  it("does not wait for a person to type a token", async () => {
    const { status, stderr } = await explain([]);
    assert.equal(status, 64);
    assert.match(stderr, /^error: No token to explain\. \[usage\]\nPipe one in: `aws eks get-token/);
  });

  it("does not repeat a second token", async () => {
    const { status, stderr } = await explain([sign(), sign()]);
    assert.equal(status, 64);
    assert.match(stderr, /^error: kubectl vouch token explain: unexpected argument\. \[usage\]\n/);
  });
});
