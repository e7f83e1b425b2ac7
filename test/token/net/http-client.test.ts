import assert from "node:assert/strict";
import { createServer } from "node:net";
import { mock } from "node:test";
import type { Env } from "../../../token/env.ts";
import { type HttpClientOptions, type HttpRequest, httpClient } from "../../../token/net/http-client.ts";
import { closedPort, listenOnLoopback } from "../../lab/loopback.ts";
import { debugLinesOf } from "../../support/debug-lines.ts";
import { type ConnectProxy, connectProxy } from "./connect-proxy.ts";
import { type ScriptedServer, scriptedServer } from "./scripted-server.ts";

const NOON = Date.parse("2026-01-15T12:00:00Z");

describe("httpClient", () => {
  let server: ScriptedServer;
  beforeEach(async () => {
    server = await scriptedServer();
  });
  afterEach(() => {
    mock.timers.reset();
    return server.close();
  });

  const sendTo = (
    base: string,
    changes: Partial<HttpClientOptions> = {},
    request: Partial<HttpRequest> = {},
  ) => {
    const send = httpClient({
      env: {},
      caBundle: server.caFile,
      clock: () => NOON,
      ...changes,
    });
    return send({ method: "GET", url: new URL(`${base}/a`), headers: {}, ...request });
  };

  it("sends method, path, query, headers and body as they are, and reads the answer", async () => {
    server.expect({ on: "POST /a/b", reply: { status: 201, headers: { "x-two": "2" }, body: "done" } });
    const url = new URL(`${server.url}/a/b?role=arn%3Aaws%3Aiam&x=%2F`);
    const answer = await sendTo(
      server.url,
      {},
      { method: "POST", url, headers: { "x-one": "1" }, body: "é" },
    );

    const { status, body, sentAt, receivedAt } = answer;
    assert.deepEqual(
      { status, body, sentAt, receivedAt },
      { status: 201, body: "done", sentAt: NOON, receivedAt: NOON },
    );
    assert.equal(answer.headers["x-two"], "2");
    const { query, headers, body: sent } = server.requests[0] ?? {};
    assert.deepEqual([query, sent], ["?role=arn%3Aaws%3Aiam&x=%2F", "é"]);
    assert.deepEqual(
      { ...headers },
      { "x-one": "1", host: new URL(server.url).host, connection: "close", "content-length": "2" },
    );
    server.done();
  });

  it("gives a redirect back and does not follow it", async () => {
    server.expect({ on: "GET /a", reply: { status: 307, headers: { location: `${server.url}/b` } } });
    const { status } = await sendTo(server.url);
    assert.equal(status, 307);
    assert.equal(server.requests.length, 1);
  });

  it("speaks plain http where the address says so", async () => {
    const plain = await scriptedServer({ plain: true });
    plain.expect({ on: "GET /a", reply: { status: 200, body: "plain" } });
    const { body } = await sendTo(plain.url);
    await plain.close();
    assert.equal(body, "plain");
  });

  it("trusts no server outside the bundle, and none of another name", async () => {
    const { host } = new URL(server.url);
    await assert.rejects(sendTo(server.url, { caBundle: undefined }), {
      code: "server-untrusted",
      message: `The certificate of ${host} was not accepted: unable to verify the first certificate.`,
    });

    const other = await scriptedServer({ names: ["other.example.test"] });
    await assert.rejects(sendTo(other.url, { caBundle: other.caFile }), {
      code: "server-untrusted",
      message: /altnames/,
    });
    await other.close();
    assert.deepEqual([server.requests, other.requests], [[], []]);
  });

  it("is not weakened by NODE_TLS_REJECT_UNAUTHORIZED", async () => {
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      await assert.rejects(sendTo(server.url, { caBundle: undefined }), { code: "server-untrusted" });
    } finally {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    }
  });

  it("reports a port where nobody listens", async () => {
    const port = await closedPort();
    await assert.rejects(sendTo(`https://localhost:${port}`), {
      code: "server-unreachable",
      message: `localhost:${port} cannot be reached: connection refused.`,
    });
  });

  it("reports a server that drops the connection", async () => {
    server.expect({ on: "GET /a", reply: "drop" });
    await assert.rejects(sendTo(server.url), {
      code: "server-unreachable",
      message: `${new URL(server.url).host} closed the connection before it answered.`,
    });
  });

  it("reports an answer that is not TLS, without quoting OpenSSL's file names", async () => {
    const plain = await scriptedServer({ plain: true });
    const error = await sendTo(plain.url.replace("http:", "https:")).catch((reason: Error) => reason);
    await plain.close();
    assert.ok(error instanceof Error);
    assert.match(error.message, /^localhost:\d+ cannot be reached: [a-z ]+\.$/);
  });

  it("gives up a connection attempt in its own time", async () => {
    const { port, close } = await listenOnLoopback(createServer());
    await assert.rejects(sendTo(`https://localhost:${port}`, { connectMs: 30 }), {
      code: "server-unreachable",
      message: `localhost:${port} did not accept a connection within 0.03 s.`,
    });
    await close();
  });

  it("gives up an answer in its own time, connected or not", async () => {
    server.expect({ on: "GET /a", reply: "silence" });
    await assert.rejects(sendTo(server.url, { connectMs: 5_000, totalMs: 150 }), {
      code: "server-unreachable",
      message: `${new URL(server.url).host} did not answer within 0.15 s.`,
    });
  });

  it("stops the clock for connecting once connected", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const pass = () => {
      mock.timers.tick(150);
      mock.timers.tick(150);
      return "silence" as const;
    };
    server.expect({ on: "GET /a", reply: pass });
    const limits = { connectMs: 150, totalMs: 300 };
    await assert.rejects(sendTo(server.url, limits), { message: /did not answer/ });
  });

  it("refuses an answer that is too large", async () => {
    server.expect({ on: "GET /a", reply: { status: 200, body: "x".repeat(256 * 1024 + 1) } });
    await assert.rejects(sendTo(server.url), {
      code: "server-answer-invalid",
      message: `${new URL(server.url).host} returned more than 256 KiB.`,
    });
  });

  it("accepts an answer that is just small enough", async () => {
    server.expect({ on: "GET /a", reply: { status: 200, body: "x".repeat(256 * 1024) } });
    assert.equal((await sendTo(server.url)).body.length, 256 * 1024);
  });

  it("stops when the user has had enough, before the request or during it", async () => {
    await assert.rejects(sendTo(server.url, { signal: AbortSignal.abort() }), { code: "interrupted" });
    assert.deepEqual(server.requests, []);

    const control = new AbortController();
    const interrupt = () => {
      control.abort();
      return "silence" as const;
    };
    server.expect({ on: "GET /a", reply: interrupt });
    await assert.rejects(sendTo(server.url, { signal: control.signal }), { code: "interrupted" });
  });
});

describe("httpClient through a proxy", () => {
  const url = "https://vouch.example.test";
  let server: ScriptedServer;
  let proxy: ConnectProxy;
  afterEach(async () => {
    await proxy.close();
    await server.close();
  });

  const start = async (options: { names?: readonly string[]; refusal?: string } = {}) => {
    server = await scriptedServer({ names: options.names ?? ["vouch.example.test", "192.0.2.7"] });
    const port = Number(new URL(server.url).port);
    proxy = await connectProxy({
      port,
      ...(options.refusal === undefined ? {} : { refusal: options.refusal }),
    });
  };
  const send = (changes: Partial<HttpClientOptions> = {}, env: Env = {}, target = url) => {
    const http = httpClient({
      env: { HTTPS_PROXY: proxy.url, ...env },
      caBundle: server.caFile,
      clock: () => NOON,
      ...changes,
    });
    return http({
      method: "GET",
      url: new URL(`${target}/a?secret=CANARY`),
      headers: { authorization: "CANARY" },
    });
  };

  it("tunnels to the server with its own certificate", async () => {
    await start();
    server.expect({ on: "GET /a", reply: { status: 200, body: "through" } });
    assert.equal((await send()).body, "through");
    assert.deepEqual(proxy.asked, [{ target: "vouch.example.test:443", authorization: undefined }]);
    assert.equal(server.requests[0]?.headers.host, "vouch.example.test");
  });

  it("gives the proxy the credentials of its address", async () => {
    await start();
    server.expect({ on: "GET /a", reply: { status: 200 } });
    await send({}, { HTTPS_PROXY: proxy.url.replace("//", "//ada:p%40ss@") });
    assert.equal(proxy.asked[0]?.authorization, `Basic ${Buffer.from("ada:p@ss").toString("base64")}`);
  });

  it("checks the certificate against the server's name, not the proxy's", async () => {
    await start({ names: ["127.0.0.1", "localhost"] });
    await assert.rejects(send(), { code: "server-untrusted" });
    await assert.rejects(send({}, {}, "https://192.0.2.7"), { code: "server-untrusted" });
    assert.deepEqual(server.requests, []);
  });

  it("reaches a server by its address", async () => {
    await start();
    server.expect({ on: "GET /a", reply: { status: 200 } });
    assert.equal((await send({}, {}, "https://192.0.2.7")).status, 200);
  });

  it("trusts the bundle and the built-in roots alone behind the proxy, whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
    await start();
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      await assert.rejects(send({ caBundle: undefined }), { code: "server-untrusted" });
    } finally {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    }
    assert.deepEqual(server.requests, []);
  });

  for (const status of ["407 Proxy Authentication Required", "403 Forbidden", "201 Created"]) {
    it(`never takes the proxy's own answer ${status} for the server's`, async () => {
      await start({ refusal: `HTTP/1.1 ${status}\r\ncontent-length: 2\r\n\r\n{}` });
      await assert.rejects(send(), {
        code: "server-unreachable",
        message: `The proxy ${new URL(proxy.url).origin} of HTTPS_PROXY answered HTTP ${status.slice(0, 3)} to a request to connect to vouch.example.test.`,
        hint: "Check HTTPS_PROXY or add vouch.example.test to NO_PROXY.",
      });
      assert.deepEqual(server.requests, []);
    });
  }

  it("ends a tunnel that is never opened, and leaves nothing open", async () => {
    await start({ refusal: "silence" });
    await assert.rejects(send({ connectMs: 50 }), {
      code: "server-unreachable",
      message: /timed out after 0.05 s/,
    });
  });

  it("hides query and headers when the proxy is not there", async () => {
    await start();
    await proxy.close();
    const error = await send().catch((reason: Error) => reason);
    assert.ok(error instanceof Error);
    assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /CANARY/);
  });
});

describe("the debug line of a request", () => {
  let server: ScriptedServer;
  let proxy: ConnectProxy | undefined;
  before(async () => {
    server = await scriptedServer();
  });
  afterEach(async () => {
    await proxy?.close();
    proxy = undefined;
  });
  after(() => server.close());

  const client = (env = {}) => httpClient({ env, caBundle: server.caFile, clock: Date.now });

  it("has method, address, status and time, and nothing of query, headers and body", async () => {
    server.expect({ on: "GET /v1/token", reply: { status: 201, body: "the answer" } });
    const url = new URL("/v1/token?role_arn=x&X-Amz-Signature=0123", server.url);
    const lines = await debugLinesOf(() =>
      client()({ method: "GET", url, headers: { authorization: "DPoP x" } }),
    );
    assert.deepEqual(lines.slice(1), [`GET ${server.url}/v1/token → 201 in N ms`]);
    assert.match(lines[0] ?? "", /^read .*ca\.pem \(\d+ B\)$/);
  });

  for (const [where, path, body] of [
    ["the body", "/", "Version=2011-06-15&Action=AssumeRole&WebIdentityToken=eyJx"],
    ["the query", "/?Action=AssumeRole&X-Amz-Signature=0123", undefined],
  ] as const)
    it(`has AWS's action, out of ${where}`, async () => {
      server.expect({ on: "POST /", reply: { status: 403 } });
      const url = new URL(path, server.url);
      const lines = await debugLinesOf(() => client()({ method: "POST", url, headers: {}, body }));
      assert.equal(lines.at(-1), `POST ${server.url}/ AssumeRole → 403 in N ms`);
    });

  it("says why there is no answer", async () => {
    server.expect({ on: "GET /", reply: "drop" });
    const asking = () => client()({ method: "GET", url: new URL(server.url), headers: {} });
    const lines = await debugLinesOf(() => assert.rejects(asking()));
    assert.equal(lines.at(-1), `GET ${server.url}/ → failed in N ms: socket hang up`);
  });

  it("names the proxy on the way, without its password", async () => {
    const { port } = new URL(server.url);
    proxy = await connectProxy({ port: Number(port), refusal: "HTTP/1.1 407 Who are you?\r\n\r\n" });
    const { host } = new URL(proxy.url);
    const asking = () =>
      client({ HTTPS_PROXY: `http://ada:hunter2@${host}` })({
        method: "GET",
        url: new URL(`https://us.vouch.sh:${port}`),
        headers: {},
      });
    const lines = await debugLinesOf(() => assert.rejects(asking()));
    assert.equal(lines[1], `CONNECT us.vouch.sh:${port} at the proxy ${host} → 407 in N ms`);
    assert.doesNotMatch(lines.join(), /hunter2|ada/);
  });
});
