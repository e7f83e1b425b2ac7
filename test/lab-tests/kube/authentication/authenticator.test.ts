import assert from "node:assert/strict";
import type { FakeSts } from "../support/fake-sts.ts";
import { entryFor, type KubeLab, startKubeLab } from "../support/kube-lab.ts";
import type { TokenParts } from "../support/presigned-token.ts";

const UNAUTHORIZED = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message: "Unauthorized",
  reason: "Unauthorized",
  code: 401,
};
const MINUTE = 60_000;
const MISMATCH =
  'sts getCallerIdentity failed: error from AWS (expected 200, got 403) on us-east-1 endpoint. Body: {"Error":{"Code":"SignatureDoesNotMatch","Message":"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.","Type":"Sender"},"RequestId":"0"}';
const MALFORMED = "input token was not properly formatted: ";
const FAILED = "sts getCallerIdentity failed: ";

/** Those that STS refuses, or of whom nothing is known, and what is logged. */
const REFUSED_AFTERWARDS: Readonly<Record<string, readonly [Partial<TokenParts>, string]>> = {
  "1: nothing maps it": [{ accessKeyId: "ASIAROLENOBODY" }, "identity is not mapped"],
  "5: it is for another cluster": [{ cluster: "other" }, MISMATCH],
  "6: its secret is wrong": [{ secret: "CANARY-wrong" }, MISMATCH],
  "7: its key is unknown": [
    { accessKeyId: "ASIAUNKNOWN" },
    `${FAILED}error from AWS (expected 200, got 403) on us-east-1 endpoint. Body: {"Error":{"Code":"InvalidClientTokenId","Message":"The security token included in the request is invalid.","Type":"Sender"},"RequestId":"0"}`,
  ],
};

/** What STS does instead of answering, and what is logged. */
const STS_MOODS: Readonly<Record<string, readonly [FakeSts["mood"], string]>> = {
  "21: STS throttles": [
    { status: 400, body: '{"Error":{"Code":"Throttling","Message":"Rate exceeded"}}' },
    'sts getCallerIdentity was throttled: {"Error":{"Code":"Throttling","Message":"Rate exceeded"}}',
  ],
  "22: STS fails": [
    { status: 500, body: '{"Error":{"Code":"InternalFailure"}}' },
    `${FAILED}error from AWS (expected 200, got 500) on us-east-1 endpoint. Body: {"Error":{"Code":"InternalFailure"}}`,
  ],
  "24: STS closes the connection": [
    "close",
    `${FAILED}error during GET: unexpected EOF on us-east-1 endpoint`,
  ],
  "27: STS answers XML": [
    { status: 200, body: "<GetCallerIdentityResponse/>" },
    `${FAILED}invalid character '<' looking for beginning of value`,
  ],
  "STS redirects": [
    { status: 302, body: "" },
    `${FAILED}error from AWS (expected 200, got 302) on us-east-1 endpoint. Body: `,
  ],
  "the role's user id has no session": [
    {
      status: 200,
      body: '{"GetCallerIdentityResponse":{"GetCallerIdentityResult":{"Account":"1","Arn":"arn:aws:sts::1:assumed-role/a/s","UserId":"AROA"}}}',
    },
    `${FAILED}malformed UserID "AROA"`,
  ],
};

describe("the authenticator", () => {
  let lab: KubeLab;
  let dev: string;

  before(async () => {
    lab = await startKubeLab({
      accessEntries: new Map([["dev", entryFor("role/dev", { username: "dev" })]]),
    });
    dev = lab.person("role/dev");
    lab.person("role/nobody");
  });
  beforeEach(() => {
    lab.kube.clearRequests();
    lab.sts.seen.length = 0;
    lab.sts.mood = undefined;
  });
  after(() => lab.close());

  const refuses = (
    cause: string,
    {
      parts = {},
      mood,
      log,
      asked = true,
    }: {
      readonly parts?: Partial<TokenParts>;
      readonly mood?: FakeSts["mood"];
      readonly log: string;
      readonly asked?: boolean;
    },
  ) =>
    it(`says 401 and nothing more, and logs why, when ${cause}`, async () => {
      lab.sts.mood = mood;
      const key = parts.accessKeyId ?? dev;
      const { status, body } = await lab.call(lab.token(key, parts), "/api/v1/namespaces/x/pods");
      assert.deepEqual(
        { status, body, log: lab.kube.authenticatorLog, asked: lab.sts.seen.length > 0 },
        { status: 401, body: UNAUTHORIZED, log: [log], asked },
      );
    });
  for (const [cause, [parts, log]] of Object.entries(REFUSED_AFTERWARDS)) refuses(cause, { parts, log });
  for (const [cause, [mood, log]] of Object.entries(STS_MOODS)) refuses(cause, { mood, log });

  it("sends on what the client signed, under the verifier's own cluster name", async () => {
    await lab.call(lab.token(dev), "/version");
    assert.deepEqual(lab.sts.seen, [
      { host: "sts.us-east-1.amazonaws.com", cluster: "lab", accept: "application/json" },
    ]);
  });

  it("answers 401 in 157 bytes to curl, as the real one", async () => {
    const headers = { "User-Agent": "curl/7.88.1" };
    const { status, length } = await lab.call(lab.token(dev, { scheme: "http" }), "/version", { headers });
    assert.deepEqual([status, length], [401, 157]);
  });

  it("follows the lab's clock", async () => {
    const token = lab.token(dev);
    lab.clock.advance(15 * MINUTE + 1000);
    const { status } = await lab.call(token, "/version");
    lab.clock.advance(-15 * MINUTE - 1000);
    assert.equal(status, 401);
  });

  it("records who asked what, and why it was refused", async () => {
    await lab.call(lab.token(dev), "/version");
    await lab.call(lab.token(dev, { scheme: "http" }), "/version");
    const time = lab.clock();
    const reason = `${MALFORMED}unexpected scheme "http" in pre-signed URL`;
    assert.deepEqual(lab.kube.requests, [
      { method: "GET", path: "/version", status: 200, user: "dev", reason: undefined, time },
      { method: "GET", path: "/version", status: 401, user: undefined, reason, time },
    ]);
  });

  it("logs 25: that STS did not answer in time", async () => {
    const other = await startKubeLab({}, { stsTimeoutMs: 30 });
    other.sts.mood = "hang";
    const { status } = await other.call(other.token(other.person("role/dev")), "/version");
    await other.close();
    assert.deepEqual(
      [status, other.kube.authenticatorLog],
      [
        401,
        [
          "sts getCallerIdentity failed: error during GET: context deadline exceeded (Client.Timeout exceeded while awaiting headers) on us-east-1 endpoint",
        ],
      ],
    );
  });

  it("logs 23: that STS cannot be reached", async () => {
    const other = await startKubeLab();
    await other.sts.close();
    await other.call(other.token(other.person("role/dev")), "/version");
    const { host } = new URL(other.sts.url);
    await other.close().catch(() => undefined);
    assert.deepEqual(other.kube.authenticatorLog, [
      `sts getCallerIdentity failed: error during GET: dial tcp ${host}: connect: connection refused on us-east-1 endpoint`,
    ]);
  });
});

describe("a request without a token", () => {
  const paths: readonly [version: string, path: string, status: number][] = [
    ["1.31", "/api/v1/namespaces/default/pods", 403],
    ["1.31", "/version", 200],
    ["1.31", "/api", 403],
    ["1.32", "/api/v1/namespaces/default/pods", 401],
    ["1.32", "/version", 401],
    ["1.32", "/healthz", 200],
    ["1.32", "/livez", 200],
    ["1.32", "/readyz", 200],
  ];
  for (const [version, path, status] of paths) {
    it(`gets ${status} for ${path} from Kubernetes ${version}`, async () => {
      const lab = await startKubeLab({ version });
      const answer = await lab.call(undefined, path);
      await lab.close();
      assert.equal(answer.status, status);
    });
  }

  it("is system:anonymous before 1.32", async () => {
    const lab = await startKubeLab({ version: "1.31" });
    const { body } = await lab.call(undefined, "/api/v1/namespaces/default/pods");
    await lab.close();
    assert.deepEqual(
      (body as { message: string }).message,
      'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "default"',
    );
  });
});
